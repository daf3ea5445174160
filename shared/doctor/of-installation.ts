import type { Unread } from '../account/inventory.ts';
import type { Config } from '../config/config.ts';
import type { KillSwitch } from '../ladder/kill-switch.ts';
import { queueSettings } from '../queues.ts';
import { careful, fails, type Finding } from './finding.ts';

/** What was seen of Escalator itself. What could not be read is null. */
export type Installation = {
  /** the rules that bring events, by name, and whether each is enabled */
  rules: { [name: string]: boolean } | null;
  /** by the topic's own name: who is subscribed and confirmed it, and who did not yet; absent where there is no such topic */
  topics: { [name: string]: { confirmed: number; pending: number } } | null;
  /** how many functions Lambda runs at once here, at most */
  atOnce: number | null;
  /** the clock of AWS less the one here (ms) */
  clockOffset: number | null;
  /** what the running product answers; null where it does not */
  product: { killSwitch: KillSwitch; lastGood: { [ladder: string]: string | null } } | null;
  unread: Unread[];
};

const skewMs = 5 * 60_000;

/** Of what an account may run at once Lambda keeps ten unreserved, and the sealer reserves one. */
const leastAtOnce = 11;
/** What all queues of Escalator may have in hand at once, and as much again for what else runs there. */
const enoughAtOnce = 2 * Object.values(queueSettings).reduce((sum, { atOnce }) => sum + atOnce, 0);

/** What is to be said of the installation as a whole. `wantedRules` are the names of the rules that bring events. */
export const installationFindings = (config: Config, seen: Installation, wantedRules: string[]): Finding[] => [
  ...(config.archive === undefined
    ? [
        careful(
          null,
          'lock-unanswered',
          'it is not said how the archive is locked',
          'add archive: { lock: none } or { lock: governance, days: 2555 } before npm run deploy',
        ),
      ]
    : []),
  ...wantedRules.flatMap((name) => ruleFindings(name, seen.rules)),
  ...Object.values(config.topics)
    .filter(({ region }) => region === undefined) // the others are in Regions that nobody looks into
    .flatMap(({ sns }) => topicFindings(sns, seen.topics)),
  ...concurrencyFindings(seen.atOnce),
  ...(Math.abs(seen.clockOffset ?? 0) > skewMs
    ? [
        fails(
          null,
          'clock-differs',
          `the clock here differs from that of AWS by ${Math.round(Math.abs(seen.clockOffset ?? 0) / 60_000)} minutes`,
          'set it: signed requests are refused',
        ),
      ]
    : []),
  ...productFindings(config, seen.product),
];

const concurrencyFindings = (atOnce: number | null): Finding[] => {
  if (atOnce === null || atOnce >= enoughAtOnce) return [];
  const what = `Lambda runs at most ${atOnce} functions at once in this account and Region`;
  const todo =
    'ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000';
  return atOnce < leastAtOnce
    ? [
        fails(
          null,
          'few-at-once',
          `${what}: the one that is reserved for the sealer cannot be, and npm run deploy fails`,
          todo,
        ),
      ]
    : [careful(null, 'few-at-once', `${what}: in a storm functions wait for each other`, todo)];
};

const ruleFindings = (name: string, rules: Installation['rules']): Finding[] => {
  if (rules === null || rules[name] === true) return [];
  const how = rules[name] === false ? 'is disabled' : 'is not here';
  return [
    fails(
      null,
      'rule-missing',
      `rule ${name} ${how}: what it would bring is not on record`,
      'npm run deploy makes it; somebody may have disabled it',
    ),
  ];
};

const topicFindings = (name: string, topics: Installation['topics']): Finding[] => {
  if (topics === null) return [];
  const found = topics[name];
  if (found === undefined)
    return [fails(null, 'topic-missing', `there is no topic ${name}`, 'npm run deploy makes it')];
  if (found.confirmed > 0) return [];
  const waiting = found.pending === 0 ? '' : `; ${found.pending} did not confirm yet`;
  return [
    fails(
      null,
      'nobody-subscribed',
      `nobody hears what is published to ${name}${waiting}`,
      'subscribe somebody to it, and have it confirmed',
    ),
  ];
};

const productFindings = (config: Config, product: Installation['product']): Finding[] => {
  if (product === null)
    return [
      careful(null, 'product-silent', 'Escalator does not answer', 'start it, or say where it is by ESCALATOR_URL'),
    ];
  const { killSwitch, lastGood } = product;
  const stopped = 'thrown' in killSwitch ? killSwitch.thrown : killSwitch.except.join(', ');
  return [
    ...(stopped === ''
      ? []
      : [
          careful(
            null,
            'kill-switch',
            `not everything may act: ${stopped}`,
            'escalator kill-switch says how to let it act again',
          ),
        ]),
    ...config.services.flatMap(({ ladder }) =>
      lastGood[ladder] === null
        ? [
            careful(
              ladder,
              'no-last-good',
              'there is no release yet that could be gone back to: the deploy level can only redeploy what runs',
              'it comes by itself: deliver, and let it stay with all checks passing; escalator releases --why says more',
            ),
          ]
        : [],
    ),
  ];
};
