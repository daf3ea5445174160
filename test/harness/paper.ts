import type { ServiceConfig } from '../../shared/config/config.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import type { Order } from '../../shared/ladder/input.ts';
import { actKeyOf, healthy, type TestLadder, borneOut } from './ladder.ts';

/** Six levels and five checks. All that is not written here is the product's default; drastic levels are approved. */
const text = `
version: 1
environments:
  production:
    services:
      shop:
        pipeline: shop
        stage: Deploy
        checks:
          provider: { alarm: provider-reachable, level: account }
          network: { alarm: network-routes, level: network }
          tier: { alarm: tier-answers, level: tier }
          node: { alarm: nodes-in-service, level: node }
          smoke: { alarm: shop-smoke, level: deploy }
        ladder:
          - { level: account, do: { start-pipeline: account }, quiescence: 15m, mode: act, drastic: true }
          - { level: network, do: { start-pipeline: network }, quiescence: 10m, mode: act, drastic: true }
          - { level: tier, do: { start-pipeline: tier }, quiescence: 5m, mode: act }
          - { level: node, do: { replace-instances: shop-asg }, quiescence: 3m, mode: act }
          - { level: configure, do: { start-pipeline: configure }, quiescence: 2m, mode: act }
          - { level: deploy, do: redeploy, quiescence: 1m, mode: act }
alerts:
  routes:
    - { match: { environment: [production] }, to: sre }
topics: { sre: { sns: escalator-sre } }
`;

export const levels = ['account', 'network', 'tier', 'node', 'configure', 'deploy'] as const;
export type Level = (typeof levels)[number];

/** What is built up level by level: each stands on the ones before it. */
export type Stack = {
  ladder: TestLadder;
  /** a level goes down, and with it all that stands on it; the alarms of it arrive */
  goesDown(level: Level): void;
  /** as `goesDown`, and no event tells of it */
  goesDownUnseen(level: Level): void;
  /** a check's alarm alone, whatever the stack itself is like */
  alarm(check: string, value: 'pass' | 'fail'): void;
  /** what is done for this level does not help, or never comes to an end */
  cannotBeBuilt(level: Level): void;
  /** for so many tries what runs in a pipeline stands in the way of an act */
  isBusy(tries: number): void;
  deliver(commit: string, works: boolean): void;
  /** what the ladder does until its incident is closed; `meanwhile` is told of every step when it is done */
  climb(meanwhile?: (level: string) => void): void;
  /** the levels that were acted on, in order */
  taken: string[];
  /** ms between the end of a step and whatever the ladder did next, by level */
  quiet: { level: string; ms: number }[];
  approvedBy: string[];
};

const read = (): ServiceConfig => {
  const parsed = parseConfig(text, 'escalator.yaml');
  const service = 'config' in parsed ? parsed.config.services[0] : undefined;
  if (service === undefined) throw new Error(JSON.stringify(parsed));
  return service;
};

const person = (name: string) => ({ type: 'person', id: name.toLowerCase(), name, verified: true }) as const;
/** Longer than any incident here takes, so that one that does not end fails instead of hanging. */
const turnsAtMost = 500;

export const stack = (config: ServiceConfig = read()): Stack => {
  const ladder = healthy(config);
  const holds = new Set<string>(levels);
  const hopeless = new Set<string>();
  const broken = new Set<string>();
  const alone = new Set<string>();
  const [taken, quiet, approvedBy]: [string[], Stack['quiet'], string[]] = [[], [], []];
  let release = 'good';
  let busy = 0;

  const upTo = (level: string): string[] => levels.slice(0, levels.indexOf(level as Level) + 1);
  const from = (level: string): string[] => levels.slice(levels.indexOf(level as Level));
  const passes = (level: string): boolean =>
    upTo(level).every((one) => holds.has(one)) && !(level === 'deploy' && broken.has(release));
  const look = (tell: (check: string, value: 'pass' | 'fail') => void): void => {
    for (const { name, level } of Object.values(config.checks))
      if (!alone.has(name)) tell(name, passes(level) ? 'pass' : 'fail');
  };
  const seeAll = (): void => look((check, value) => ladder.silently(check, value));
  const remove = (level: Level): void => from(level).forEach((one) => holds.delete(one));
  const order = (said: Order, who: string) =>
    ladder.take(
      { type: 'order', seq: ladder.nextSeq(), order: said, who: person(who), why: 'go' },
      { alarms: ladder.alarms() },
    );

  /** A level is new: nothing stands on it yet. */
  const build = (level: string): void => {
    from(level).forEach((one) => holds.delete(one));
    if (!hopeless.has(level)) holds.add(level);
    seeAll();
  };
  const claim = (): boolean => {
    busy -= 1;
    const act = {
      released: true,
      alarms: borneOut(ladder.alarms()),
      readAt: ladder.now(),
      traffic: { newer: busy > 0 ? 'x-other' : null, stageBusy: null },
      instances: ['i-1', 'i-2'],
    };
    const said = ladder.take({ type: 'claim', actKey: actKeyOf(ladder.state()), holder: 'me', attempt: '1' }, { act });
    return said.some(({ type }) => type === 'step.claimed');
  };
  const act = (): string | null => {
    const phase = ladder.state().incident?.phase;
    if (phase?.name !== 'acting' || !claim()) return null;
    const { intent } = phase;
    taken.push(intent.level);
    build(intent.level);
    ladder.forward(60_000);
    if (intent.action === 'redeploy') {
      release = intent.release.commit;
      seeAll();
      ladder.carryOut(`x-${ladder.nextSeq()}`);
      return intent.level;
    }
    ladder.result({ outcome: 'started', execution: null, instances: ['i-1', 'i-2'] });
    const status = hopeless.has(intent.level) ? 'running' : 'done';
    while (ladder.state().incident?.phase.name === 'acting') ladder.timer({ outcome: { status, reason: 'read' } });
    return status === 'done' ? intent.level : null;
  };
  const approve = (): void => {
    const { id, phase } = ladder.state().incident ?? {};
    for (const who of ['Ada', 'Ben']) {
      const said = order({ name: 'approve', incident: id ?? '' }, who);
      if (phase?.name === 'asking' && said.some(({ type }) => type === 'step.approved')) approvedBy.push(who);
    }
  };
  const step = (meanwhile: (level: string) => void): void => {
    const { phase } = ladder.state().incident ?? {};
    if (phase?.name === 'asking') return approve();
    if (phase?.name !== 'acting') return void ladder.timer();
    const done = act();
    if (done === null) return;
    const ended = Date.parse(ladder.now());
    meanwhile(done);
    ladder.timer();
    quiet.push({ level: done, ms: Date.parse(ladder.now()) - ended });
  };

  const goesDownUnseen = (level: Level): void => {
    remove(level);
    seeAll();
  };
  return {
    ladder,
    taken,
    quiet,
    approvedBy,
    goesDownUnseen,
    goesDown: (level) => {
      remove(level);
      look((check, value) => void ladder.alarm(check, value));
    },
    alarm: (check, value) => {
      alone.add(check);
      ladder.alarm(check, value);
    },
    cannotBeBuilt: (level) => void hopeless.add(level),
    isBusy: (tries) => void (busy = tries + 1),
    deliver: (commit, works) => {
      release = commit;
      if (!works) broken.add(commit);
      ladder.deliver(commit);
      look((check, value) => void ladder.alarm(check, value));
    },
    climb: (meanwhile = () => {}) => {
      for (let turn = 0; turn < turnsAtMost && ladder.state().incident !== null; turn += 1) step(meanwhile);
    },
  };
};
