import { expect, it } from 'vitest';
import { drill } from '../drill/drill.ts';
import { temporary } from '../harness/product.ts';

it('a trail whose table is lost is restored from its archive: all that was sealed, with the same answers, and nothing else', async () => {
  const place = temporary();
  try {
    const { sealed, restored, lost, same, verified } = await drill(place.dir, () => {});
    expect(restored).toBe(sealed);
    expect(sealed).toBeGreaterThan(50);
    expect(lost.map(({ kind }) => kind)).toContain('order.given');
    expect(Object.entries(same).filter(([, is]) => !is)).toEqual([]);
    expect(verified).toBe('good');
  } finally {
    place.remove();
  }
}, 300_000);
