import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of the configuration, as they are written there. */
export type QuickService = { checks: string[]; ladder: string[]; quiescence?: string; also?: string[] };

/** The shop with its own checks and levels. */
export const shopService = (over: Partial<QuickService> = {}): QuickService => ({
  checks: ['node: { alarm: shop-node, level: node }', 'smoke: { alarm: shop-smoke, level: deploy }'],
  ladder: [
    '{ level: node, do: { replace-instances: shop-asg }, quiescence: 1s, mode: act }',
    '{ level: deploy, do: redeploy, quiescence: 1s, mode: act }',
  ],
  ...over,
});

/** The shop, and a ladder for each action, whose only level does it: `by-<action>`. */
export const ladderForEach = (rows: { action: string; says: string }[]): { [name: string]: QuickService } => ({
  shop: { checks: ['smoke: { alarm: shop-smoke, level: deploy }'], ladder: ['{ level: deploy, do: redeploy }'] },
  ...Object.fromEntries(
    rows.map(({ action, says }) => [
      `by-${action}`,
      {
        checks: ['smoke: { alarm: shop-smoke, level: only }'],
        ladder: [`{ level: only, do: ${says}, quiescence: 1s, mode: act }`],
      },
    ]),
  ),
});

/** A service of the pipeline `shop` as the configuration has it, with everything as quick as its alarms allow. */
const serviceText = (name: string, { checks, ladder, quiescence = '1s', also = [] }: QuickService): string => `
      ${name}:
        pipeline: shop
        stage: Deploy
        repository: shop
        checks:
${checks.map((line) => `          ${line}`).join('\n')}
        ladder:
${ladder.map((line) => `          - ${line}`).join('\n')}
        quiescence: ${quiescence}
        settle: 500ms
        verify: { every: 500ms, times: 3, within: 20s }
        bake: 1s
        bake-when-replaced: 1s
        poll: 1s
        free-after: 2s
        budgets: { runs-per-hour: 500, runs-per-day: 500, rollbacks-per-day: 100 }
${also.map((line) => `        ${line}\n`).join('')}`;

/**
 * Writes a configuration of these services and answers its path.
 * @param contacts who is told of a page that nobody acknowledged, and after how long
 */
export const quickConfig = (
  dir: string,
  services: { [name: string]: QuickService } = { shop: shopService() },
  contacts: { [topic: string]: string } = {},
): string => {
  const file = join(dir, 'escalator.yaml');
  const all = Object.entries(services).map(([name, service]) => serviceText(name, service));
  writeFileSync(
    file,
    `version: 1
environments:
  production:
    services:${all.join('')}
alerts:
  wait: 0s
  interval: 0s
  routes:
    - { match: { environment: [production] }, to: sre, escalate: [${Object.entries(contacts)
      .map(([to, after]) => `{ to: ${to}, after: ${after} }`)
      .join(', ')}] }
topics:
${['sre', ...Object.keys(contacts)].map((topic) => `  ${topic}: { sns: escalator-${topic} }\n`).join('')}`,
  );
  return file;
};
