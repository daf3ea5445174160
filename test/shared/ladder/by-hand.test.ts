import { describe, expect, it } from 'vitest';
import type { Config, ServiceConfig } from '../../../shared/config/config.ts';
import { handsOffUntil, isByHand, isTargetOf } from '../../../shared/ladder/by-hand.ts';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { broken, claim, healthy, intends, kinds, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { person, tell } from '../../harness/orders.ts';
import { eventOf, factOf } from '../event/harness.ts';
import { inUtc } from '../../../shared/trail/in-utc.ts';

const config = (...services: ServiceConfig[]): Config => ({
  digest: 'd',
  text: '',
  environments: [],
  services,
  routes: [],
  topics: {},
});
const seen = '2026-11-20T13:06:00.000Z';
type Event = ReturnType<typeof eventOf>;
type Change = (detail: Event['detail']) => void;

/** A call of CloudTrail's as it stands in the lane of its account, and which ladders it was made behind the back of. */
const entryOf = (file: string, change: Change = () => undefined): Entry => {
  const event = eventOf(`cloudtrail/${file}.json`);
  change(event.detail);
  return {
    ...factOf(event),
    seq: 7,
    origin: 'escalator/111122223333/eu-west-1',
    observedAt: seen,
  } as unknown as Entry;
};
const inputOf = (file: string, change?: Change, own: string[] = [], service = shop()) =>
  inputsOf(entryOf(file, change), config(service), own)[0]?.input;

const refresh = 'call-start-refresh';
const group = 'arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/shop-asg';
const identity = (detail: Event['detail']) => detail['userIdentity'] as { [field: string]: unknown };

describe('a change by hand', () => {
  it('is a call, by a person or in a role, on what a level of the ladder acts on', () => {
    expect(inputOf(refresh)).toMatchObject({
      type: 'written',
      seq: 7,
      call: 'StartInstanceRefresh',
      target: group,
      at: '2026-11-20T13:05:00.000Z',
      who: { type: 'role-session', session: 'ada' },
    });
    const user = {
      type: 'IAMUser',
      arn: 'arn:aws:iam::111122223333:user/ada',
      accountId: '111122223333',
      userName: 'ada',
    };
    expect(inputOf(refresh, (detail) => void (detail['userIdentity'] = user))).toMatchObject({
      who: { type: 'person' },
    });
  });

  it.each<[string, ServiceConfig['levels'][number]['do'], boolean]>([
    ['call-update-service', { type: 'restart-service', cluster: 'main', service: 'shop' }, true],
    ['call-update-service', { type: 'restart-service', cluster: 'main', service: 'cart' }, false],
    ['call-update-service', { type: 'restart-service', cluster: 'other', service: 'shop' }, false],
    ['call-update-alias', { type: 'previous-version', function: 'shop-api', alias: 'live' }, true],
    ['call-update-function', { type: 'previous-version', function: 'shop-api', alias: 'live' }, true],
    ['call-update-function', { type: 'previous-version', function: 'shop', alias: 'live' }, false],
    [refresh, { type: 'refresh-instances', group: 'shop-asg' }, true],
  ])('is found on whatever an action changes: %s and %j', (file, action, found) => {
    const service = shop({ levels: [level('deploy', { do: action })] });
    expect(inputOf(file, undefined, [], service)?.type).toBe(found ? 'written' : undefined);
  });

  it('is told to the ladders that act on it, and to no other', () => {
    const other = shop({
      ladder: 'production/cart',
      levels: [level('node', { do: { type: 'replace-instances', group: 'cart-asg' } })],
    });
    const plain = shop({ ladder: 'production/plain', levels: [level('deploy')] });
    const told = inputsOf(entryOf(refresh), config(other, shop(), plain));
    expect(told.map(({ service }) => service.ladder)).toEqual(['production/shop']);
  });

  it.each<[string, Change, string[]]>([
    ['what only reads', (detail) => void (detail['readOnly'] = true), []],
    ['what failed', (detail) => void (detail['errorCode'] = 'AccessDenied'), []],
    [
      'what a service did in a role',
      (detail) => void (identity(detail)['invokedBy'] = 'codepipeline.amazonaws.com'),
      [],
    ],
    [
      'what a service did',
      (detail) => void (detail['userIdentity'] = { type: 'AWSService', invokedBy: 'ecs.amazonaws.com' }),
      [],
    ],
    [
      'what a build did',
      (detail) =>
        void (identity(detail)['arn'] = 'arn:aws:sts::111122223333:assumed-role/Developer/AWSCodeBuild-0b5e0c1e'),
      [],
    ],
    ['what Escalator did itself', () => undefined, ['arn:aws:iam::111122223333:role/teams/Developer']],
    ['what nobody is known to have done', (detail) => void (detail['userIdentity'] = {}), []],
    [
      'a group whose name only begins alike',
      (detail) => void (detail['requestParameters'] = { autoScalingGroupName: 'shop-asg-2' }),
      [],
    ],
  ])('is not %s', (_, change, own) => {
    expect(inputOf(refresh, change, own)).toBeUndefined();
  });

  it('is a call of AWS that was made, and nothing else on record', () => {
    const entry = entryOf(refresh);
    expect(isByHand(entry, [])).toBe(true);
    expect(isByHand({ ...entry, kind: 'call.failed' }, [])).toBe(false);
    expect(isByHand({ ...entry, source: { ...entry.source, name: 'my.app' } }, [])).toBe(false);
  });

  it('is found on what AWS grants a change of on everything at once, by the thing itself', () => {
    const blue = { type: 'stop-deployment', application: 'shop', group: 'blue' } as const;
    const service = shop({ levels: [level('deploy', { do: blue })] });
    const arn = (of: string, name: string) => `arn:aws:${of}:eu-west-1:111122223333:deploymentgroup:${name}`;
    expect(isTargetOf(service, arn('codedeploy', 'shop/blue'))).toBe(true);
    expect(isTargetOf(service, arn('codedeploy', 'shop/green'))).toBe(false);
    expect(isTargetOf(service, arn('codedeploy', 'shop'))).toBe(true);
    expect(isTargetOf(service, arn('codedeploy', 'shop/blue/a-part'))).toBe(true);
    expect(isTargetOf(service, arn('elsewhere', 'shop/blue'))).toBe(false);
  });

  it('is what somebody does in the console', () => {
    expect(inputOf(refresh, (detail) => void (identity(detail)['invokedBy'] = 'signin.amazonaws.com'))).toMatchObject({
      type: 'written',
    });
  });

  it.each(['call-start-pipeline', 'call-rollback-stage', 'call-update-pipeline'])(
    'is not what CodePipeline is called for: %s',
    (file) => {
      expect(inputOf(file)).toBeUndefined();
    },
  );

  it('of another account, or replayed, is none', () => {
    const entry = entryOf(refresh);
    expect(inputsOf({ ...entry, origin: 'escalator/999999999999/eu-west-1' }, config(shop()))).toEqual([]);
  });
});

const ada = person('Ada');
const write = (test: TestLadder, ago = 0, target = group) =>
  test.take({
    type: 'written',
    seq: test.nextSeq(),
    who: ada,
    call: 'UpdateAutoScalingGroup',
    target,
    at: new Date(Date.parse(test.now()) - ago).toISOString(),
  });
const rail = (test: TestLadder) =>
  railsOf(test.state(), test.config, test.now()).find(({ name }) => name === 'hands-off');
const minute = 60_000;

describe('a ladder behind whose back something was changed by hand', () => {
  it('begins nothing for 15 minutes, says who is at work, and then goes on', () => {
    const test = broken();
    expect(kinds(write(test))).toEqual(['target.written']);
    const until = new Date(Date.parse(test.now()) + 15 * minute).toISOString();
    expect(kinds(test.timer())).toContain('incident.waiting');
    expect(test.state().incident?.phase).toMatchObject({
      name: 'waiting',
      reason: `Ada called UpdateAutoScalingGroup on shop-asg, not through the pipeline; nothing is begun until ${inUtc(until)}`,
    });
    expect(rail(test)).toMatchObject({ limit: 15 * minute, used: 30_000, closed: true, frees: until });
    while (test.now() < until) {
      expect(intends(test.timer())).toBe(test.now() < until ? null : 'redeploy bad');
    }
    expect(rail(test)).toMatchObject({ closed: false, used: null });
  });

  it('does not begin what was intended before and is not claimed yet', () => {
    const test = broken();
    test.timer();
    write(test);
    expect(kinds(claim(test))).toEqual(['incident.waiting']);
  });

  it('sees through what was begun', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'started', execution: 'r-1' });
    write(test);
    expect(kinds(test.stage('r-1', 'succeeded', 'x-bad'))).toContain('step.ended');
  });

  it('calls a person where somebody goes on and on: it waits for an hour at most', () => {
    const test = broken();
    for (let n = 0; n < 100 && test.state().incident !== null; n += 1) {
      write(test);
      test.timer();
    }
    expect(test.state().hold?.reason).toContain('Ada called UpdateAutoScalingGroup');
    expect(test.state().runs.length).toBeLessThanOrEqual(1);
  });

  it('goes on when somebody resumes it, and takes what somebody forces', () => {
    const resumed = broken();
    write(resumed);
    resumed.timer();
    expect(intends(tell(resumed, { name: 'resume' }, ada))).toBe('redeploy bad');
    expect(rail(resumed)).toMatchObject({ closed: false });
    const forced = healthy();
    write(forced);
    expect(intends(tell(forced, { name: 'force', level: 'deploy' }, ada))).toBe('redeploy good');
  });

  it('still only observes where it only observes', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'observe' })] })));
    write(test);
    expect(kinds(test.timer())).toContain('incident.closed');
  });

  it('takes no note of what is over, nor of each call of a script', () => {
    const test = healthy();
    expect(kinds(write(test, 15 * minute))).toEqual([]);
    expect(kinds(write(test, 15 * minute - 1))).toEqual(['target.written']);
    test.forward(minute);
    expect(kinds(write(test))).toEqual(['target.written']);
    test.forward(9_999);
    expect(kinds(write(test))).toEqual([]);
    test.forward(1);
    expect(kinds(write(test))).toEqual(['target.written']);
  });

  it('keeps its hands off as long as the configuration says, and not a moment longer', () => {
    const written = { who: ada, call: 'c', target: 't', at: seen };
    const later = (ms: number) =>
      handsOffUntil({ written }, { handsOff: minute }, new Date(Date.parse(seen) + ms).toISOString());
    expect(later(minute - 1)).not.toBeNull();
    expect(later(minute)).toBeNull();
    const test = broken(healthy(shop({ handsOff: 0 })));
    expect(kinds(write(test))).toEqual([]);
    expect(intends(test.timer())).toBe('redeploy bad');
  });
});
