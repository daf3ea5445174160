import { AwsError, type Members } from '../endpoint/operations.ts';

/** A required text member. @throws AwsError with the service's own code for it */
export const textIn = (input: Members, member: string, code: string): string => {
  const value: unknown = input[member];
  if (typeof value === 'string' && value !== '' && value.length <= 2_048) return value;
  throw new AwsError(code, `${member} must be a string that is not empty`);
};

/** The last part of an ARN, or the name itself: most members take both. */
export const nameIn = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/** A list of texts, at most `most`; absent is empty. @throws AwsError */
export const textsIn = (input: Members, member: string, code: string, most: number): string[] => {
  const value: unknown = input[member] ?? [];
  if (Array.isArray(value) && value.length <= most && value.every((text) => typeof text === 'string')) return value;
  throw new AwsError(code, `${member} must be a list of at most ${most} strings`);
};
