/** Something that will not work as the configuration has it, or not as whoever wrote it may think. */
export type Finding = {
  /** the ladder it is about; null where it is about the installation */
  ladder: string | null;
  /** `fails`: this will not work; `careful`: it will, and not as one may think */
  weight: 'fails' | 'careful';
  /** a permanent name of the rule that found it */
  rule: Rule;
  what: string;
  todo: string;
};

/** Every rule, and what it looks for. `docs/reference/doctor.md` is made of it. */
export const rules = {
  'not-read': 'Something could not be read, so that what depends on it was not looked at.',
  'member-not-read': 'An environment in another account or Region could not be looked at.',
  'pipeline-missing': 'A pipeline that the configuration names is not there.',
  'stage-missing': 'The stage that is to put releases there is not in its pipeline.',
  'stage-deploys-nothing': 'The stage has no action that deploys: its success would say nothing about what runs.',
  'pipeline-v1': 'A pipeline of type V1: its stages cannot be rolled back, and what runs cannot be bound to a commit.',
  'stage-heals-itself': 'CodePipeline is told to do something itself when the stage fails.',
  'other-account': 'An action of the stage runs in another account or Region: its alarms and events are there.',
  'group-missing': 'An Auto Scaling group that a level acts on is not there.',
  'group-empty': 'An Auto Scaling group that a level acts on has no instance.',
  'ecs-service-missing': 'An ECS service that a level acts on is not there.',
  'no-circuit-breaker':
    'An ECS service without a deployment circuit breaker: a bad deployment goes on for ever, and no event says so.',
  'not-rolling':
    'An ECS service that CodeDeploy or somebody else deploys: its task definition cannot be taken back by ECS.',
  'deployment-group-missing': 'A deployment group that a level acts on is not there.',
  'no-rollback':
    'A deployment group that does not roll back by itself: a deployment that is stopped is left half done.',
  'alarm-missing': 'An alarm that a check reads is not there.',
  'alarm-without-data': 'An alarm has no data: its check is unknown, and nothing is begun for it.',
  'no-last-good': 'No release is known yet that could be gone back to.',
  'kill-switch': 'The kill switch is thrown, in whole or in part.',
  'product-silent': 'Escalator does not answer: how ladders stand was not looked at.',
  'rule-missing': 'A rule that brings events to Escalator is not there, or disabled.',
  'topic-missing': 'A topic that routes name is not there.',
  'nobody-subscribed': 'Nobody who confirmed it is subscribed to a topic: alerts go nowhere.',
  'few-at-once': 'Lambda may run fewer functions at once here than Escalator needs, as in a new account.',
  'clock-differs': 'The clock here and that of AWS differ by more than five minutes.',
  'lock-unanswered': 'The configuration does not say how the archive is locked: it cannot be deployed.',
} as const;

export type Rule = keyof typeof rules;

export const fails = (ladder: string | null, rule: Rule, what: string, todo: string): Finding => ({
  ladder,
  weight: 'fails',
  rule,
  what,
  todo,
});

export const careful = (ladder: string | null, rule: Rule, what: string, todo: string): Finding => ({
  ...fails(ladder, rule, what, todo),
  weight: 'careful',
});
