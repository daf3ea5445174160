import * as z from 'zod';
import { linkOf } from '../../alert/link.ts';
import { durationForm, durationWanted, parseDuration } from '../duration.ts';

/** A mapping of known names; for an unknown one the message lists them. */
export const mapping = <Shape extends z.ZodRawShape>(shape: Shape, wanted: string) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : wanted),
  });

/** A mapping of names that the author chooses; at least one. */
export const named = <Value extends z.ZodType>(name: z.ZodString, value: Value, wanted: string) =>
  z
    .record(name, value, { error: (issue) => (issue.code === 'invalid_key' ? nameOf(issue) : wanted) })
    .refine((record) => Object.keys(record).length > 0, wanted);

const nameOf = (issue: { issues?: { message: string }[] }): string => issue.issues?.[0]?.message ?? 'a name';

/** Dots and slashes are left out: they part the names in `production/shop` and `production.shop.5`. */
const nameWanted = 'a name: letters, digits, - and _, beginning with a letter or digit, at most 64';
export const name = z.string(nameWanted).regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, nameWanted);

/** A topic's name becomes that of an environment variable of a Lambda function. */
const topicNameWanted = 'a name of letters, digits and _, at most 64';
export const topicName = z.string(topicNameWanted).regex(/^[A-Za-z0-9][A-Za-z0-9_]{0,63}$/, topicNameWanted);

/** The name of something in AWS, by AWS's own rule. */
const awsName = (wanted: string, form: RegExp) => z.string(wanted).regex(form, wanted);
export const pipeline = awsName(
  'a pipeline name: letters, digits and . @ - _, at most 100',
  /^[A-Za-z0-9.@_-]{1,100}$/,
);
export const stage = awsName('a stage name: letters, digits and . @ - _, at most 100', /^[A-Za-z0-9.@_-]{1,100}$/);
export const repository = awsName('a repository name: letters, digits and . _ -, at most 100', /^[\w.-]{1,100}$/);
export const stack = awsName(
  'the name of a CloudFormation stack: letters, digits and -, beginning with a letter, at most 128',
  /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
);
const linkWanted = 'an address that begins with https://, without a user, at most 1,000 characters';
/** People are led there by messages. */
export const link = z
  .string(linkWanted)
  .max(1000, linkWanted)
  .refine((text) => linkOf(text) !== null, linkWanted);
export const alarm = awsName('the name of a CloudWatch alarm, 1 to 255 characters', /^\P{Cc}{1,255}$/u);
/** CloudWatch takes ASCII, and no colon at the beginning. */
export const dimension = awsName(
  'the name of a dimension, such as InstanceId: 1 to 255 letters, digits and signs, not beginning with a colon',
  /^[!-9;-~][ -~]{0,254}$/,
);
export const group = awsName('the name of an Auto Scaling group, 1 to 255 characters', /^[^:\p{Cc}]{1,255}$/u);
export const ecsService = awsName(
  'an ECS service as CLUSTER/SERVICE, each of letters, digits, - and _, at most 255',
  /^[\w-]{1,255}\/[\w-]{1,255}$/,
);
export const deploymentGroup = awsName(
  'a deployment group as APPLICATION/GROUP, each of letters, digits and . _ + = , @ -, at most 100',
  /^[\w.+=,@-]{1,100}\/[\w.+=,@-]{1,100}$/,
);
/** Lambda takes no alias of digits only: that would be a version. */
export const functionAlias = awsName(
  'an alias of a Lambda function as FUNCTION:ALIAS, of letters, digits, - and _, such as shop:live',
  /^[\w-]{1,64}:(?!\d+$)[\w-]{1,128}$/,
);
/** Documents of AWS are of no account: what they do is not seen in the user's own. */
export const document = awsName(
  'the name of an SSM document of your own: letters, digits and . _ -, 3 to 128, not beginning with aws, amazon or amzn',
  /^(?!(?:aws|amazon|amzn))[\w.-]{3,128}$/i,
);
export const parameter = awsName('the name of a parameter: letters and digits, at most 50', /^[A-Za-z0-9]{1,50}$/);
export const role = awsName(
  'the ARN of an IAM role, such as arn:aws:iam::111122223333:role/shop-rebuild',
  /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
);
export const topic = awsName(
  'the name of an SNS topic: letters, digits, - and _, at most 256',
  /^[A-Za-z0-9_-]{1,256}$/,
);

export const duration = z
  .string(durationWanted)
  .regex(durationForm, { error: durationWanted, abort: true })
  .refine((text) => parseDuration(text) !== null, 'a duration of at most a year, 365d')
  .transform((text) => parseDuration(text) ?? 0);

/** How often something is done: never as fast as one can. */
export const interval = z
  .string(durationWanted)
  .regex(durationForm, { error: durationWanted, abort: true })
  .refine((text) => (parseDuration(text) ?? 0) >= 100, 'a duration of at least 100ms and at most 365d')
  .transform((text) => parseDuration(text) ?? 0);

export const count = (from: number, to: number) => {
  const wanted = `a whole number from ${from} to ${to}`;
  return z.int(wanted).min(from, wanted).max(to, wanted);
};
