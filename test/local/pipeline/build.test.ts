import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBuild } from '../../../local/pipeline/build.ts';
import { openBuildLog } from '../../../local/pipeline/build-log.ts';
import type { BuildPhase } from '../../../local/pipeline/execution.ts';
import { testBed } from './harness.ts';

let bed: ReturnType<typeof testBed>;
let inputDir: string;

beforeEach(() => {
  bed = testBed();
  inputDir = join(bed.root, 'input');
  mkdirSync(inputDir);
});
afterEach(() => bed.close());

/** One build of `input/`, alone. */
const build = async (spec: string | null, changes: Partial<Parameters<typeof runBuild>[0]> = {}) => {
  if (spec !== null) writeFileSync(join(inputDir, 'buildspec.yml'), spec);
  const phases: BuildPhase[] = [];
  const logFile = join(bed.root, 'build.log');
  const outputDir = join(bed.root, 'output');
  const failure = await runBuild({
    id: 'shop:1',
    arn: 'arn:aws:codebuild:eu-west-1:111122223333:build/shop:1',
    inputDir,
    workDir: join(bed.root, 'build'),
    logFile,
    outputDir,
    variables: { CODEBUILD_RESOLVED_SOURCE_VERSION: 'abc' },
    timeoutSeconds: 20,
    signal: new AbortController().signal,
    now: () => Date.now(),
    onPhase: (phase) => phases.push(phase),
    ...changes,
  });
  const states = phases.map(({ type, status }) => `${type} ${status}`);
  return { failure, states, log: readFileSync(logFile, 'utf8'), output: (file: string) => join(outputDir, file) };
};

const phases = (lists: { [phase: string]: string[] | { commands: string[]; finally: string[] } }): string =>
  JSON.stringify({
    version: 0.2,
    phases: Object.fromEntries(
      Object.entries(lists).map(([phase, list]) => [phase, Array.isArray(list) ? { commands: list } : list]),
    ),
    artifacts: { files: ['**/*'] },
  });

const commandStates = (states: string[]): string[] =>
  states.filter((state) => /^(INSTALL|PRE_BUILD|BUILD|POST_BUILD|UPLOAD_ARTIFACTS) /.test(state));

describe('the phases of a build', () => {
  it('run in their order, and what is exported and the directory go on from phase to phase', async () => {
    const { failure, states, output } = await build(
      phases({
        install: [`export GREETING="it's\nme"`, 'mkdir deep && cd deep'],
        pre_build: ['LOCAL=here', 'export LOCAL'],
        build: ['printf "%s %s" "$GREETING" "$LOCAL" > said'],
        post_build: ['cd ..', 'cp deep/said copied'],
      }),
    );
    expect(failure).toBeNull();
    expect(states).toEqual(
      [
        'SUBMITTED',
        'PROVISIONING',
        'DOWNLOAD_SOURCE',
        'INSTALL',
        'PRE_BUILD',
        'BUILD',
        'POST_BUILD',
        'UPLOAD_ARTIFACTS',
        'FINALIZING',
      ].map((phase) => `${phase} SUCCEEDED`),
    );
    expect(readFileSync(output('copied'), 'utf8')).toBe("it's\nme here");
  });

  it('stop at a failing install, with the command, its exit code and its last words', async () => {
    const { failure, states } = await build(
      phases({ install: ['true', 'echo no such package; exit 3'], build: ['touch built'] }),
    );
    expect(commandStates(states)).toEqual(['INSTALL FAILED']);
    expect(failure).toEqual({
      phase: 'INSTALL',
      reason:
        'COMMAND_EXECUTION_ERROR: Error while executing command: echo no such package; exit 3. Reason: exit status 3\nno such package',
    });
  });

  it('stop at a failing pre_build', async () => {
    const { states } = await build(phases({ pre_build: ['false'], build: ['true'] }));
    expect(commandStates(states)).toEqual(['INSTALL SUCCEEDED', 'PRE_BUILD FAILED']);
  });

  it('go on to post_build after a failing build, which knows of it, and upload nothing', async () => {
    const { failure, states, log } = await build(
      phases({ build: ['false', 'echo never'], post_build: ['echo succeeding=$CODEBUILD_BUILD_SUCCEEDING'] }),
    );
    expect(commandStates(states)).toEqual([
      'INSTALL SUCCEEDED',
      'PRE_BUILD SUCCEEDED',
      'BUILD FAILED',
      'POST_BUILD SUCCEEDED',
    ]);
    expect(log).toContain('succeeding=0');
    expect(log).not.toContain('never');
    expect(failure?.phase).toBe('BUILD');
  });

  it('run `finally` whatever the commands did, and fail by the commands', async () => {
    const { failure, log } = await build(
      phases({ build: { commands: ['echo broken; exit 4'], finally: ['echo cleaned up'] } }),
    );
    expect(log).toContain('cleaned up');
    expect(failure?.reason).toMatch(/exit status 4\nbroken$/);
  });

  it('fail at a command that is not shell, naming it', async () => {
    const { failure } = await build(phases({ build: ['true', 'if then (('] }));
    expect(failure?.reason).toContain('Error while executing command: if then ((');
  });
});

describe('a build', () => {
  it('sees nothing of the product environment, a clean tree and a home of its own', async () => {
    vi.stubEnv('PLANTED_SECRET', 'secret');
    writeFileSync(join(inputDir, 'server.js'), '');
    const first = await build(phases({ build: ['env', 'ls', 'touch left-behind', 'echo home=$HOME'] }));
    expect(first.log).not.toContain('PLANTED_SECRET');
    expect(first.log).toContain('CODEBUILD_RESOLVED_SOURCE_VERSION=abc');
    expect(first.log).toContain(`home=${join(bed.root, 'build', 'home')}`);
    const second = await build(phases({ build: ['ls'] }));
    expect(second.log).not.toContain('left-behind');
    vi.unstubAllEnvs();
  });

  it('ends at its deadline, with everything it started', async () => {
    const started = Date.now();
    const pid = join(bed.root, 'pid');
    const { failure, states } = await build(
      phases({ build: [`sh -c 'echo $$ > ${pid}; sleep 600' & wait`], post_build: ['echo never'] }),
      { timeoutSeconds: 1 },
    );
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(commandStates(states).at(-1)).toBe('BUILD TIMED_OUT');
    expect(failure?.reason).toMatch(/^BUILD_TIMED_OUT: Build has timed out after 1 s, while executing command: sh -c/);
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false));
  });

  it('leaves nothing running that a command put in the background, and does not wait for it', async () => {
    const pid = join(bed.root, 'pid');
    const { failure } = await build(phases({ build: [`sleep 600 & echo $! > ${pid}`] }));
    expect(failure).toBeNull();
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false));
  });

  it('may wait for its own background commands', async () => {
    const { failure } = await build(phases({ build: ['sleep 0.05 & wait'] }), { timeoutSeconds: 5 });
    expect(failure).toBeNull();
  });

  it('has nothing on standard input', async () => {
    const { failure } = await build(phases({ build: ['cat'] }), { timeoutSeconds: 5 });
    expect(failure).toBeNull();
  });

  it('without a buildspec fails with what is missing', async () => {
    const { failure, states } = await build(null);
    expect(states.at(-2)).toBe('DOWNLOAD_SOURCE FAILED');
    expect(failure?.reason).toMatch(/^YAML_FILE_ERROR: buildspec\.yml: the file is missing/);
  });

  it('whose buildspec is not YAML fails with where', async () => {
    const { failure } = await build('version: 0.2\nphases: [');
    expect(failure?.reason).toMatch(/^YAML_FILE_ERROR: buildspec\.yml: it is not YAML: .*line 2/);
  });

  it('whose buildspec is enormous is not read', async () => {
    const { failure } = await build(`version: 0.2\n#${'x'.repeat(300_000)}`);
    expect(failure?.reason).toMatch(/it has 300\d{3} bytes; at most 262144 are read/);
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // a killed process whose parent has not looked is over too
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

describe('the output of a build', () => {
  it('is kept up to a bound, says what was left out, and the last lines still tell the reason', async () => {
    const file = join(bed.root, 'bounded.log');
    const log = await openBuildLog(file, 100);
    for (let line = 0; line < 1_000; line += 1) log.write(Buffer.from(`line ${line}\n`));
    expect(log.tail(2)).toBe('line 998\nline 999');
    await log.close();
    expect(readFileSync(file, 'utf8')).toMatch(/^line 0\n[^]*\[Container\] 8790 more bytes of output were left out\n$/);
    expect(statSync(file).size).toBeLessThan(200);
  });

  it('that is huge does not hold up the build', async () => {
    const { failure, log } = await build(
      phases({ build: ['head -c 20000000 /dev/zero | tr "\\\\0" "x"; echo; echo the end; exit 7'] }),
    );
    expect(log.length).toBeLessThan(4 * 1024 * 1024 + 200);
    expect(failure?.reason).toMatch(/the end$/);
    expect(failure?.reason.length).toBeLessThan(2_000);
  });

  it('is text: escape sequences and control characters do not reach the reason', async () => {
    const { failure } = await build(
      phases({ build: [String.raw`printf '\033[31mred\033[0m\007 \033]0;title\007'; exit 1`] }),
    );
    expect(failure?.reason.split('\n').at(-1)).toBe('red ]0;title');
  });
});

describe('the artifact of a build', () => {
  const artifact = (
    artifacts: object,
    commands = ['mkdir -p out/deep .hidden', 'touch out/a.js out/deep/b.js out/c.txt .hidden/d'],
  ) => build(JSON.stringify({ version: 0.2, phases: { build: { commands } }, artifacts }));
  const files = (root: string): string[] =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .toSorted();

  it('is the files that the patterns name, dot files too', async () => {
    const { output } = await artifact({ files: ['**/*'] });
    expect(files(output(''))).toEqual(['.hidden/d', 'buildspec.yml', 'out/a.js', 'out/c.txt', 'out/deep/b.js']);
  });

  it('is taken from the base directory, without paths where asked', async () => {
    const { output } = await artifact({ files: ['**/*.js'], 'base-directory': 'out', 'discard-paths': true });
    expect(files(output(''))).toEqual(['a.js', 'b.js']);
  });

  it('that no file matches fails the build', async () => {
    const { failure, states } = await artifact({ files: ['*.jar'] });
    expect(states).toContain('UPLOAD_ARTIFACTS FAILED');
    expect(failure?.reason).toBe('CLIENT_ERROR: no matching artifact paths found for *.jar');
  });

  it.each([
    ['a base directory above it', { files: ['*'], 'base-directory': '../..' }],
    ['a pattern above it', { files: ['../../*'] }],
    ['an absolute pattern', { files: ['/etc/passwd'] }],
  ])('is never taken from outside the work tree: %s', async (_what, spec) => {
    expect((await artifact(spec)).failure?.phase).toBe('UPLOAD_ARTIFACTS');
  });

  it('is never taken through a link out of the work tree', async () => {
    symlinkSync('/etc', join(inputDir, 'etc'));
    expect((await artifact({ files: ['*'], 'base-directory': 'etc' })).failure?.phase).toBe('UPLOAD_ARTIFACTS');
    const { output } = await artifact({ files: ['**/*'] });
    expect(existsSync(output('etc/passwd')) && !statSync(output('etc')).isDirectory()).toBe(false);
  });

  it('is asked for but not in the buildspec: the build fails and says so', async () => {
    const { failure } = await build('version: 0.2\nphases: { build: { commands: [true] } }');
    expect(failure?.reason).toBe('CLIENT_ERROR: the action has an output artifact, but buildspec.yml has no artifacts');
  });
});
