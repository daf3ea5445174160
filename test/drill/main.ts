import { temporary } from '../harness/product.ts';
import { drill } from './drill.ts';

/** `npm run drill`: loses the trail of a product that is made for it, restores it, and says what came of it. Exit 1 where anything but the unsealed is lost. */
const place = temporary();
try {
  const { sealed, restored, lost, same, verified, restoreMs } = await drill(place.dir, (line) => console.log(line));
  console.log(`\nrestored    ${restored} of ${sealed} sealed entries in ${(restoreMs / 1_000).toFixed(1)} s`);
  console.log(`lost        ${lost.length} entries that were not sealed yet`);
  for (const { kind, observedAt } of lost) console.log(`            ${observedAt}  ${kind}`);
  for (const [question, is] of Object.entries(same))
    console.log(`${question.padEnd(12)}${is ? 'as before' : 'DIFFERS'}`);
  console.log(`verify      ${verified}`);
  const good = restored === sealed && Object.values(same).every(Boolean) && verified === 'good';
  process.exitCode = good ? 0 : 1;
} finally {
  place.remove();
}
