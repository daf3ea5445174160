import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The shop's own ladder. */
export const shopLadder = [
  '{ level: node, do: { replace-instances: shop-asg }, quiescence: 1s, mode: act }',
  '{ level: deploy, do: redeploy, quiescence: 1s, mode: act }',
];

/** A service of the pipeline `shop` as the configuration has it, with everything as quick as its alarms allow. */
const service = (name: string, checks: string[], ladder: string[]): string => `
      ${name}:
        pipeline: shop
        stage: Deploy
        repository: shop
        checks:
${checks.map((line) => `          ${line}`).join('\n')}
        ladder:
${ladder.map((line) => `          - ${line}`).join('\n')}
        quiescence: 1s
        settle: 500ms
        verify: { every: 500ms, times: 3, within: 20s }
        bake: 1s
        bake-when-replaced: 1s
        poll: 1s
        free-after: 2s
        budgets: { runs-per-hour: 500, runs-per-day: 500, rollbacks-per-day: 100 }`;

export const shopChecks = ['node: { alarm: shop-node, level: node }', 'smoke: { alarm: shop-smoke, level: deploy }'];

/** Writes a configuration for `npm start` and answers its path. */
export const quickConfig = (
  dir: string,
  services: { [name: string]: { checks: string[]; ladder: string[] } } = {
    shop: { checks: shopChecks, ladder: shopLadder },
  },
): string => {
  const file = join(dir, 'escalator.yaml');
  const all = Object.entries(services).map(([name, { checks, ladder }]) => service(name, checks, ladder));
  writeFileSync(
    file,
    `version: 1
environments:
  production:
    services:${all.join('')}
alerts:
  routes:
    - { match: { environment: [production] }, to: sre }
topics:
  sre: { sns: escalator-sre }
`,
  );
  return file;
};
