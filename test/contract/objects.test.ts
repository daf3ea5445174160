import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Archive } from '../../functions/support/s3-archive.ts';
import { createObjects } from '../../functions/support/s3-objects.ts';
import { findPlace, type Place } from './place.ts';

let place: Place;
beforeAll(async () => void (place = await findPlace()), 180_000);
afterAll(() => place.remove(), 120_000);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

describe('S3, as large details are kept', () => {
  it('takes an object under the hash of its bytes, once and again, and gives it back', async () => {
    const objects = createObjects(place.environment);
    const body = bytes('{"a":1}');
    await objects.put(sha256(body), body);
    await objects.put(sha256(body), body);
    expect(Buffer.from((await objects.get(sha256(body))) ?? []).toString()).toBe('{"a":1}');
    expect(await objects.get(sha256(bytes('nobody')))).toBeNull();
  });

  it('refuses bytes that are not those of the hash', async () => {
    await expect(createObjects(place.environment).put(sha256(bytes('one')), bytes('other'))).rejects.toThrow();
  });
});

describe('S3, as seals are kept', () => {
  it('writes once what is written once, and lists checkpoints by size', async () => {
    const archive = s3Archive(place.environment);
    expect(await archive.putOnce('checkpoints/10', bytes('ten'))).toBe(true);
    expect(await archive.putOnce('checkpoints/10', bytes('other'))).toBe(false);
    expect(await archive.putOnce('checkpoints/9', bytes('nine'))).toBe(true);
    await archive.put('checkpoint', bytes('one'));
    await archive.put('checkpoint', bytes('two'));
    expect(Buffer.from((await archive.get('checkpoint')) ?? []).toString()).toBe('two');
    expect(Buffer.from((await archive.get('checkpoints/10')) ?? []).toString()).toBe('ten');
    expect((await archive.checkpoints()).map(({ size }) => size)).toEqual([9, 10]);
    expect(await archive.get('tile/0/000')).toBeNull();
  });
});
