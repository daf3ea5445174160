import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cdkWords, readGiven, unanswered } from '../../../infra/operate/answers.ts';
import { configFile, path, shop } from '../template.ts';

const { archive: _, ...unlocked } = shop;
const codes = (...args: Parameters<typeof unanswered>): string[] => unanswered(...args).map(({ code }) => code);
const given = (...words: string[]) => readGiven(words) ?? { config: '', rest: [] };

describe('what must be answered before anything is deployed', () => {
  it('is how the archive is locked and who is told of silence, both said at once', () =>
    expect(codes('deploy', given(), unlocked)).toEqual(['ESC-041', 'ESC-050']));

  it('is answered by an archive of another account, and by saying that it is nobody', () =>
    expect(codes('diff', given('--archive', 'b', '--watchdog', 'nobody'), unlocked)).toEqual([]));

  it('is no e-mail address that cannot be one', () =>
    expect(codes('deploy', given('--watchdog', 'sre'), shop)).toEqual(['ESC-050']));

  it('asks for no watchdog where all is destroyed', () => expect(codes('destroy', given(), shop)).toEqual([]));
});

describe('the words for the CDK', () => {
  it('carry what was answered, and every option that is its own, in order', () => {
    const words = ['--require-approval', 'never', '--watchdog', 'a@b.example', '--config=x.yaml', '--profile', 'ops'];
    expect(cdkWords('deploy', given(...words))).toEqual(
      'deploy Escalator -c config=x.yaml -c watchdog=a@b.example --require-approval never --profile ops'.split(' '),
    );
  });

  it('do not name nobody as somebody', () =>
    expect(cdkWords('diff', given('--watchdog', 'nobody')).join(' ')).not.toContain('watchdog'));

  it('are none where only help was asked for', () => expect(readGiven(['--help'])).toBeNull());
});

const deploy = (...words: string[]) =>
  spawnSync(process.execPath, [path('infra/operate/main.ts'), 'deploy', ...words], { encoding: 'utf8', cwd: path('') });

describe('npm run deploy', () => {
  it('never deploys the example because nothing else was named', () => {
    const { status, stderr } = deploy('--watchdog', 'nobody');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^ESC-006 .*escalator init/)]);
  });

  it('refuses before the CDK is begun, one line for each question that is open', () => {
    const { status, stdout, stderr } = deploy('--config', configFile);
    expect({ status, stdout, lines: stderr.trim().split('\n') }).toEqual({
      status: 2,
      stdout: '',
      lines: [expect.stringMatching(/^ESC-050 /)],
    });
  });

  it('tells every mistake of the configuration with its place', () => {
    const { status, stderr } = deploy('--config', path('test/fixtures/config/five.yaml'), '--watchdog', 'nobody');
    expect(status).toBe(2);
    expect(stderr.match(/five\.yaml:\d+:\d+/g)?.length).toBeGreaterThanOrEqual(5);
  });
});
