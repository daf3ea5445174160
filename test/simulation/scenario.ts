import { seldom, startExecution } from './pipelines.ts';
import { mendNetwork, networkFails } from './network.ts';
import { alarmEvent, killNode, look, lookSoon, seriesEvent, type Service } from './services.ts';
import { minute } from './some-config.ts';
import type { World } from './world.ts';

/** Pushes a commit on top of another: one that works, or one that does not; what contains a broken one is broken. */
const push = (world: World, service: Service, broken: boolean, parent = service.release): void => {
  const commit = world.chance.id();
  if (parent !== null) world.parents.set(commit, parent);
  if (broken || (parent !== null && world.broken.has(parent) && world.chance.is(0.5))) world.broken.add(commit);
  startExecution(world, world.pipeline(service.name), commit);
};

/** What can happen to a service, and how likely; `calm` is what makes it whole again. */
const happenings: { [what: string]: (world: World, service: Service) => void } = {
  'a broken change is pushed': (world, service) => push(world, service, true),
  'a change is pushed': (world, service) => push(world, service, false),
  'the broken change is pushed again': (world, service) => {
    const broken = [...world.broken].at(-1);
    push(world, service, true, broken ?? service.release);
  },
  'somebody runs the pipeline again': (world, service) => {
    const last = world.pipeline(service.name).executions.find(({ rollbackTo }) => rollbackTo === null);
    if (last !== undefined) startExecution(world, world.pipeline(service.name), last.commit);
  },
  'a node goes down': (world, service) => {
    killNode(world, service);
    const down = service.nodes.find(({ up }) => !up);
    if (down !== undefined)
      world.later(world.chance.spread(1_000, 60_000), () => world.tell(seriesEvent(world, service, down)));
  },
  'both nodes go down': (world, service) => {
    killNode(world, service);
    killNode(world, service);
  },
  'there is no capacity for a while': (world, service) => {
    service.capacity = false;
    world.later(world.chance.between(minute, 40 * minute), () => {
      service.capacity = true;
      mend(world, service);
    });
    killNode(world, service);
  },
  'the stage fails now and then for a while': (world, service) => {
    const pipeline = world.pipeline(service.name);
    pipeline.failing = 0.6;
    world.later(world.chance.between(5 * minute, 60 * minute), () => {
      pipeline.failing = seldom;
    });
    push(world, service, false);
  },
  'the deployment of a change hangs': (world, service) => {
    world.pipeline(service.name).hangs = true;
    push(world, service, false);
  },
  'what runs is deployed again, and that hangs': (world, service) => {
    const pipeline = world.pipeline(service.name);
    pipeline.hangs = true;
    startExecution(world, pipeline, service.release ?? world.chance.id());
  },
  'the alarm is blind for a while': (world, service) => {
    const alarm = world.alarms.get(`${service.name}-${world.chance.of(['node', 'smoke'])}`);
    if (alarm === undefined) return;
    alarm.blind = true;
    look(world, alarm.name);
    world.later(world.chance.between(minute, 90 * minute), () => {
      alarm.blind = false;
      look(world, alarm.name);
    });
  },
  'the smoke check flaps': (world, service) => {
    const period = world.chance.between(10_000, 90_000);
    for (let time = 0; time < 10; time += 1)
      world.later(time * period, () => {
        for (const node of service.nodes.slice(0, 1)) node.up = time % 2 === 1;
        look(world, `${service.name}-node`);
        look(world, `${service.name}-smoke`);
      });
  },
  'the configuration is changed': (world) => world.reconfigure(),
  'a newer Escalator takes over': (world) => world.upgrade(),
  'an entry cannot be taken in': (world) => {
    world.poisonIn = world.chance.between(0, 8);
  },
  'what comes to the intake is no event': (world) => {
    for (const event of unreadable) world.tell(event);
  },
  'somebody throws the kill switch': (world, service) => {
    const some = [`production/${service.name}`, 'production', 'redeploy', 'replace-instances, start-pipeline'];
    const stopping = [
      'stop',
      'thrown by Ada',
      '',
      'allow except nothing-known',
      ...some.map((one) => `allow except ${one}`),
    ];
    world.killSwitch = world.chance.of(stopping);
    world.later(world.chance.between(minute, 60 * minute), () => {
      world.killSwitch = 'allow';
    });
  },
  'somebody mends it': (world, service) => mend(world, service),
  'somebody holds it, and resumes later': (world, service) => {
    world.order(service.name, { name: 'hold' });
    world.later(world.chance.between(minute, 60 * minute), () => world.order(service.name, { name: 'resume' }));
  },
  'somebody claims it': (world, service) => {
    const until = new Date(world.time.now() + world.chance.between(minute, 60 * minute)).toISOString();
    world.order(service.name, { name: 'claim', until });
  },
  'somebody quarantines what runs': (world, service) => quarantine(world, service, service.release),
  'somebody quarantines what ran before': (world, service) => {
    const before = world.pipeline(service.name).executions.map(({ commit }) => commit);
    quarantine(world, service, before.findLast((commit) => commit !== service.release) ?? null);
  },
  'somebody quarantines a commit that never came': (world, service) => quarantine(world, service, world.chance.id()),
  'somebody releases what was bad': (world, service) => {
    const commit = [...world.broken].at(-1);
    if (commit !== undefined) world.order(service.name, { name: 'release', of: { commit } });
  },
  'somebody changes the group of instances by hand': (world, service) =>
    world.tell(callByHand(world, `${service.name}-asg`)),
  'no topic takes anything for an hour': (world) => takeNothing(world, 'sre', 'lead'),
  'the topic of the pages takes nothing for an hour': (world) => takeNothing(world, 'sre'),
  'somebody acknowledges what is told of it': (world, service) => world.acknowledge(service.name),
  'somebody forces a level': (world, service) =>
    world.order(service.name, { name: 'force', level: world.chance.of(['node', 'deploy']) }),
};

const takeNothing = (world: World, ...topics: string[]): void => {
  world.topicsDown = new Set(topics);
  world.later(60 * minute, () => world.topicsDown.clear());
};

/** A call as CloudTrail tells of it, minutes later than it was made now and then. */
const callByHand = (world: World, group: string): object => {
  const time = new Date(world.time.now() - world.chance.between(0, 20 * minute)).toISOString();
  const arn = `arn:aws:iam::${world.account}:user/ada`;
  return {
    version: '0',
    id: world.chance.id().slice(0, 36),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.autoscaling',
    account: world.account,
    region: world.region,
    time,
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventID: world.chance.id(),
      eventName: 'UpdateAutoScalingGroup',
      eventSource: 'autoscaling.amazonaws.com',
      eventTime: time,
      eventType: 'AwsApiCall',
      awsRegion: world.region,
      recipientAccountId: world.account,
      readOnly: false,
      requestParameters: { autoScalingGroupName: group },
      responseElements: null,
      userIdentity: { type: 'IAMUser', arn, accountId: world.account, userName: 'ada' },
    },
  };
};

const unreadable: object[] = [
  [],
  { source: 'aws.cloudwatch' },
  { 'detail-type': 'CloudWatch Alarm State Change', source: 'aws.cloudwatch', detail: { alarmName: { a: 1 } } },
  { 'detail-type': 'CodePipeline Stage Execution State Change', source: 'aws.codepipeline', time: 'never' },
];

/** Alarms of others by the hundred, with names that people really give, and this service's own among them. */
const storm = (world: World, service: Service): void => {
  const names = ["it's", '*', 'ünïcødé 🦄', 'x'.repeat(255), `${service.name}-nodes`, `${service.name}-smoke`];
  for (let alarm = 0; alarm < 1_000; alarm += 1) {
    const name = world.chance.is(0.9) ? `other-${alarm}` : world.chance.of(names);
    const known = world.alarms.get(name);
    const at = world.time.now() - alarm;
    const event = { name, state: known?.state ?? 'ALARM', at: known?.at ?? at } as const;
    world.tell(alarmEvent(world, event, { state: 'OK', at: at - 1 }));
  }
};

/** Some take it back later, and some do not. */
const quarantine = (world: World, service: Service, commit: string | null): void => {
  if (commit === null) return;
  world.order(service.name, { name: 'quarantine', of: { commit } });
  if (world.chance.is(0.5))
    world.later(world.chance.spread(10_000, 60 * minute), () =>
      world.order(service.name, { name: 'release', of: { commit } }),
    );
};

/** A person makes it whole: nodes up, and a release that works. */
export const mend = (world: World, service: Service): void => {
  for (const node of service.nodes) node.up = true;
  while (service.nodes.length < 2) service.nodes.push({ id: `i-${world.chance.id()}`, up: true, release: null });
  const { lastInStage } = world.pipeline(service.name);
  const isBroken = service.release !== null && world.broken.has(service.release);
  if (isBroken || ['Failed', 'Stopped'].includes(lastInStage?.status ?? ''))
    startExecution(world, world.pipeline(service.name), world.chance.id());
  else for (const node of service.nodes) node.release = service.release;
  lookSoon(world, service);
};

/** A good release first, baked; then trouble within an hour and a half; some time later everything is mended. Answers when it is. */
export const play = (world: World, say: (what: string) => void): number => {
  const { time, chance } = world;
  for (const service of world.services) startExecution(world, world.pipeline(service.name), chance.id());
  const trouble = time.now() + chance.spread(8 * minute, 60 * minute);
  const moments = Array.from({ length: chance.between(1, 7) }, () => trouble + chance.spread(1_000, 90 * minute));
  for (const moment of moments)
    time.at(moment, () => {
      if (world.network !== null && chance.is(0.4)) {
        say('the network fails');
        return networkFails(world);
      }
      const what = chance.of(Object.keys(happenings));
      const service = chance.of(world.services);
      say(`${what} (${service.name})`);
      happenings[what]?.(world, service);
    });
  if (chance.is(0.001))
    time.at(chance.of(moments), () => {
      say('a thousand alarms at once');
      storm(world, chance.of(world.services));
    });
  const mended = Math.max(...moments) + chance.spread(3 * minute, 60 * minute);
  time.at(mended, () => {
    say('everything is mended');
    mendNetwork(world);
    for (const service of world.services) {
      service.capacity = true;
      mend(world, service);
    }
  });
  return mended;
};
