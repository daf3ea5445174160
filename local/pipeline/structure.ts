import * as z from 'zod';

/** A refusal in AWS's own words, as data: `code` is the exception's name. */
export type Refusal = { code: string; message: string };

const namePattern = /^[A-Za-z0-9.@\-_]{1,100}$/;
const artifactPattern = /^[a-zA-Z0-9_-]{1,100}$/;
const wanted = (pattern: RegExp): string => `Member must satisfy regular expression pattern: ${pattern.source}`;
const name = z.string().regex(namePattern, wanted(namePattern));
const artifact = z.object({ name: z.string().regex(artifactPattern, wanted(artifactPattern)) });

const action = z.object({
  name,
  actionTypeId: z.object({
    category: z.enum(['Source', 'Build', 'Deploy', 'Test', 'Invoke', 'Approval', 'Compute']),
    owner: z.enum(['AWS', 'ThirdParty', 'Custom']),
    provider: z.string().regex(/^[0-9A-Za-z_-]{1,35}$/, wanted(/^[0-9A-Za-z_-]{1,35}$/)),
    version: z.string().regex(/^[0-9A-Za-z_-]{1,9}$/, wanted(/^[0-9A-Za-z_-]{1,9}$/)),
  }),
  runOrder: z.int().min(1).max(999).default(1),
  configuration: z.record(z.string().max(50), z.string().max(1000)).default({}),
  inputArtifacts: z.array(artifact).max(5).default([]),
  outputArtifacts: z.array(artifact).max(5).default([]),
  timeoutInMinutes: z.int().min(5).max(86_400).optional(),
  namespace: z.string().max(100).optional(),
  roleArn: z.string().max(1024).optional(),
  region: z.string().max(30).optional(),
});

export const structureSchema = z.object({
  name,
  roleArn: z.string().max(1024),
  artifactStore: z.object({ type: z.literal('S3'), location: z.string().min(3).max(63) }),
  stages: z.array(z.object({ name, actions: z.array(action).max(50) })).max(50),
  version: z.int().optional(),
  pipelineType: z.enum(['V1', 'V2']).default('V1'),
  executionMode: z.enum(['SUPERSEDED', 'QUEUED', 'PARALLEL']).default('SUPERSEDED'),
});

/** A pipeline in AWS's own structure format, with AWS's defaults filled in. */
export type Structure = z.infer<typeof structureSchema>;
export type StageDeclaration = Structure['stages'][number];
export type ActionDeclaration = StageDeclaration['actions'][number];
