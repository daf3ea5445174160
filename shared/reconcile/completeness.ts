import { callsSettleMinutes } from './calls.ts';
import type { Target } from './targets.ts';

/** How often the services are asked on AWS (minutes), and how long what has just happened is left to its event. */
export const everyMinutes = 5;
export const graceMinutes = 2;

/**
 * How complete the record of a source is.
 * - `proven`: what is missing is noticed by what is there, and is a gap on record
 * - `re-read`: the service is asked, and what no event told is put on record as late
 * - `not provable`: only events tell, and nothing shows that one is missing
 */
export type Completeness = {
  /** as events name it; `aws.cloudtrail` for what comes through CloudTrail */
  source: string;
  facts: string;
  /** what AWS promises of the events (EventBridge Events Reference) */
  events: 'at least once' | 'best effort';
  is: 'proven' | 're-read' | 'not provable';
  /** which target of the reconciler, by which calls, and how far back; null where nobody asks */
  read: { of: Target['of']; by: string[]; back: string } | null;
  says: string;
};

const only = (
  source: string,
  facts: string,
  events: Completeness['events'],
  says = 'Nobody asks again.',
): Completeness => ({ source, facts, events, is: 'not provable', read: null, says });

/** What can be said of each source. `docs/reference/completeness.md` is made from it. */
export const completeness: Completeness[] = [
  {
    source: 'aws.cloudwatch',
    facts: 'changes of state of alarms that are checks',
    events: 'at least once',
    is: 'proven',
    read: { of: 'alarm', by: ['DescribeAlarmHistory'], back: '30 days' },
    says: 'Each change says from which state it went: one that does not follow on the one before it is a gap.',
  },
  only('aws.cloudwatch', 'other alarms, and what alarms are configured as', 'at least once'),
  {
    source: 'aws.codepipeline',
    facts: 'executions, stages and actions of pipelines that the configuration names',
    events: 'best effort',
    is: 're-read',
    read: { of: 'pipeline', by: ['ListPipelineExecutions', 'ListActionExecutions'], back: '12 months' },
    says:
      'The newest 50 executions of each pipeline are looked at in every run; an older one that changes is told by its event only. ' +
      'A stage that succeeded is seen when the execution has left it. Not seen: who asked for a stop and when, a stage that was stopped, and approval requests.',
  },
  only('aws.codepipeline', 'other pipelines', 'best effort'),
  {
    source: 'aws.codedeploy',
    facts: 'deployments to groups that a level names (`stop-deployment`)',
    events: 'best effort',
    is: 're-read',
    read: { of: 'deployments', by: ['ListDeployments', 'GetDeployment'], back: '30 days' },
    says: 'Their beginning and their end; single instances, and a wait for traffic, are not asked for.',
  },
  only('aws.codedeploy', 'other deployments, and what happens on single instances', 'best effort'),
  {
    source: 'aws.codecommit',
    facts: 'branches of repositories that the configuration names',
    events: 'best effort',
    is: 're-read',
    read: { of: 'branches', by: ['ListBranches', 'GetBranch'], back: 'nothing' },
    says:
      'Where each of the first 100 branches by name is. A move that is seen in two looks and that no event told is put on record from the record to where ' +
      'it is now; who moved it and in how many steps is not known, which is a gap unless a call on record tells. An event that comes after that stands beside it.',
  },
  only('aws.codecommit', 'tags, pull requests, comments, other repositories', 'best effort'),
  only(
    'aws.codebuild',
    'builds and their phases',
    'best effort',
    'Nobody asks again; the action of a pipeline that ran the build is re-read.',
  ),
  {
    source: 'aws.cloudformation',
    facts: 'stacks that the configuration names (`stacks`), and their resources',
    events: 'at least once',
    is: 're-read',
    read: { of: 'stack', by: ['DescribeStackEvents'], back: 'as far as CloudFormation keeps it' },
    says:
      'What a resource went through again within two seconds, in the same words, is taken for once. A stack that was deleted is read no more: its name ' +
      'tells nobody of it. Hooks, drift and stack sets are told by their events only.',
  },
  only('aws.cloudformation', 'other stacks, drift, hooks, stack sets', 'at least once'),
  only('aws.ecs', 'deployments of services, tasks', 'at least once'),
  only('aws.health', 'events of AWS Health', 'at least once'),
  only('aws.autoscaling', 'launches, terminations, instance refreshes', 'best effort'),
  only('aws.ecr', 'images', 'best effort'),
  only('aws.inspector2', 'findings and scans', 'best effort'),
  only('aws.config', 'configuration items and compliance', 'best effort'),
  {
    source: 'aws.cloudtrail',
    facts: 'calls that change something, and sign-ins, in the Region of an environment',
    events: 'best effort',
    is: 're-read',
    read: { of: 'calls', by: ['LookupEvents'], back: '90 days' },
    says:
      `With or without a trail of your own. CloudTrail tells of a call minutes after it: what is ${callsSettleMinutes} minutes old is asked for, and what it tells more than ` +
      'five minutes later than that is not. A run reads at most 2,500 calls: an account with more than four a second is behind until it has fewer, and an alarm says so.',
  },
  only(
    'aws.cloudtrail',
    'calls that only read, of data, and in other Regions',
    'best effort',
    'Nobody asks again. The files of a trail with their digest files are the proof: an auditor compares by `eventID`. Sign-ins and global services come ' +
      'from us-east-1, reads of secrets by rules of their own ([optional parts](../how-to/add-optional-parts.md)).',
  ),
  only('aws.events', 'schedules that fired', 'best effort'),
  {
    source: 'escalator.canary',
    facts: "Escalator's own canaries",
    events: 'best effort',
    is: 'proven',
    read: null,
    says: 'One is sent each minute, and an alarm misses it: that what is on the bus arrives is shown all the time.',
  },
];
