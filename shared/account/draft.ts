import type { Home } from '../config/member.ts';
import { ownName } from '../config/rules-of-itself.ts';
import { type DraftCheck, type DraftLevel, draftServices, type DraftService } from './draft-service.ts';
import type { Inventory } from './inventory.ts';
import { commentText, unique, yamlText } from './names.ts';

/** Where, and when, the inventory was read; `home` where Escalator is, if that is somewhere else. */
export type Read = { account: string | null; region: string; on: string; home?: Home };

/** A draft, how many services it has, and whether there was anything to draft from. */
export type Draft = { text: string; services: number };

/**
 * A configuration for what is there, which only observes. Everything in it is a guess, and says why it was made. Where
 * there is no service it is empty.
 */
export const draftConfig = (inventory: Inventory, read: Read): Draft => {
  const candidates = inventory.pipelines.filter(({ name }) => !ownName.test(name));
  const services = candidates.flatMap((pipeline) => draftServices(inventory, pipeline));
  if (services.length === 0) return { text: '', services: 0 };
  const lines = [
    ...heading(read, inventory),
    'version: 1',
    '',
    'environments:',
    ...[...Map.groupBy(services, ({ environment }) => environment.value)].flatMap(([name, all]) =>
      environmentLines(name, all, placeLines(read)),
    ),
    '',
    ...telling,
    ...leftOver(inventory, services),
  ];
  return { text: `${lines.join('\n')}\n`, services: services.length };
};

const comment = (text: string, indent = ''): string => `${indent}# ${commentText(text)}`;

const heading = ({ account, region, on }: Read, { unread }: Inventory): string[] => [
  comment(
    `Drafted by escalator init on ${on}, from what ${account === null ? 'the account' : `account ${account}`} has in ${region}.`,
  ),
  comment('Every guess says why it was made. Nothing here acts: every level only observes, and says what it would do.'),
  comment('What it says is tried with escalator check, and what stands in its way is told by escalator doctor.'),
  ...unread.map(({ what, why }) => comment(`Not read: ${what} (${why}).`)),
  '',
];

/** An environment says where it is only where that is not where Escalator is. */
const placeLines = ({ account, region, home }: Read): string[] => {
  if (home === undefined) return [];
  return [
    ...(account === null || account === home.account ? [] : [`    account: '${account}'`]),
    ...(region === home.region ? [] : [`    region: ${yamlText(region)}`]),
  ];
};

const environmentLines = (name: string, services: DraftService[], place: string[]): string[] => {
  const taken = new Set<string>();
  return [
    ...new Set(services.map(({ environment }) => comment(environment.why, '  '))),
    `  ${yamlText(name)}:`,
    ...place,
    '    services:',
    ...services.flatMap((service) => serviceLines(unique(service.service.value, taken), service)),
  ];
};

const serviceLines = (
  name: string,
  { service, pipeline, stage, repository, checks, levels, remarks }: DraftService,
): string[] => [
  comment(service.why, '      '),
  ...remarks.map((remark) => comment(remark, '      ')),
  `      ${yamlText(name)}:`,
  `        pipeline: ${yamlText(pipeline)}`,
  comment(stage.why, '        '),
  `        stage: ${yamlText(stage.value)}`,
  ...(repository === null
    ? [
        comment(
          'its source is not CodeCommit: repository: NAME, if one of that name is to be asked about commits',
          '        ',
        ),
      ]
    : [comment(repository.why, '        '), `        repository: ${yamlText(repository.value)}`]),
  '        checks:',
  ...checks.flatMap(checkLines),
  '        ladder: # most drastic first; a failing check starts at its level and goes on to the last',
  ...levels.flatMap(levelLines),
];

const checkLines = ({ name, source, level, why }: DraftCheck): string[] => {
  const from =
    'alarm' in source
      ? `alarm: ${yamlText(source.alarm)}`
      : `pipeline: ${yamlText(source.pipeline)}, stage: ${yamlText(source.stage)}`;
  return [comment(why, '          '), `          ${yamlText(name)}: { ${from}, level: ${level} }`];
};

const levelLines = ({ level, does: { action, target }, why }: DraftLevel): string[] => {
  const act = target === null ? action : `{ ${action}: ${yamlText(target)} }`;
  return [comment(why, '          '), `          - { level: ${level}, do: ${act}, mode: observe }`];
};

const telling = [
  comment('who is told: everything goes to one topic. npm run deploy makes it; subscribe to it, and confirm'),
  'alerts:',
  '  routes:',
  '    - { match: { environment: [{ exists: true }] }, to: sre }',
  'topics:',
  '  sre: { sns: escalator-sre }',
  '',
  comment(
    'To be answered before npm run deploy: whether what is sealed can be deleted before its time. No answer is assumed.',
  ),
  comment('archive: { lock: none }'),
  comment('archive: { lock: governance, days: 2555 }'),
];

/** What was seen and not used, so that nobody has to wonder. */
const leftOver = ({ alarms, pipelines }: Inventory, services: DraftService[]): string[] => {
  const used = new Set(
    services.flatMap(({ checks }) => checks.map(({ source }) => ('alarm' in source ? source.alarm : ''))),
  );
  const delivering = new Set(services.map(({ pipeline }) => pipeline));
  const unused = alarms
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => `alarm ${name}: names none of the services above`);
  const others = pipelines
    .filter(({ name }) => !delivering.has(name))
    .map(
      ({ name }) =>
        `pipeline ${name}: ${ownName.test(name) ? 'is Escalator’s own, which never acts on itself' : 'has no action that deploys'}`,
    );
  const left = [...unused, ...others];
  return left.length === 0 ? [] : ['', comment('Seen, and not used:'), ...left.map((line) => comment(`  ${line}`))];
};
