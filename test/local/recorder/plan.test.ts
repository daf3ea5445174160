import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPlan } from '../../../local/recorder/plan.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'plan-'))));
afterEach(() => rmSync(dir, { recursive: true }));
const given = (text: string) => writeFileSync(join(dir, 'recorder.json'), text);

it('is the default where there is no file', () => {
  expect(readPlan(dir)).toEqual({ pace: 5_000, fails: [], hangs: [] });
});

it('says how long things take, and what never becomes steady', () => {
  given('{"paceSeconds":0.2,"fails":["web:2"],"hangs":["slow.zip"]}');
  expect(readPlan(dir)).toEqual({ pace: 200, fails: ['web:2'], hangs: ['slow.zip'] });
});

it.each(['{', '{"paceSeconds":0}', '{"pase":1}', '{"fails":"web"}'])('refuses %s, naming the file', (text) => {
  given(text);
  expect(() => readPlan(dir)).toThrow(
    expect.objectContaining({ code: 'ESC-006', message: expect.stringContaining(dir) }),
  );
});
