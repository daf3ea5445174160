import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedText } from '../../shared/config/shipped.ts';
import { functionNames } from '../../infra/bundles.ts';
import { configFile, path, shop } from './template.ts';

const app = mkdtempSync(join(tmpdir(), 'escalator-app-'));
const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A team's own app: its own stack, with Escalator among what it has. */
const source = `import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Escalator } from 'escalator';

const stack = new Stack(new App(), 'Operations');
const escalator: Escalator = new Escalator(stack, 'Escalator', { config: 'escalator.yaml', watchdog: 'sre@example.org' });
new Topic(stack, 'Ours', { displayName: escalator.url });
console.log(Object.keys(escalator.topics).join());
`;

/** What an empty app has: the CDK, here by a link to ours. Nothing else that we depend on is there. */
const makeApp = (): void => {
  mkdirSync(join(app, 'node_modules'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'operations', private: true, type: 'module' }));
  writeFileSync(join(app, 'app.ts'), source);
  copyFileSync(configFile, join(app, 'escalator.yaml'));
};

beforeAll(() => {
  makeApp();
  run(process.execPath, [path('infra/package/build.ts')], path(''));
  run('npm', ['pack', path('dist/package'), '--pack-destination', app], app);
  const [packed = ''] = readdirSync(app).filter((file) => file.endsWith('.tgz'));
  run('npm', ['install', `./${packed}`, '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund'], app);
  for (const name of ['aws-cdk-lib', 'constructs', '@types', 'undici-types'])
    symlinkSync(path(`node_modules/${name}`), join(app, 'node_modules', name));
}, 300_000);
afterAll(() => rmSync(app, { recursive: true }));

describe('the package, in an app that has the CDK and nothing else', () => {
  it('synthesizes offline, with every function bundled and the configuration beside it', { timeout: 300_000 }, () => {
    const env = { ...process.env, CDK_OUTDIR: join(app, 'cdk.out') };
    const said = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'app.ts'], { cwd: app, env });
    expect(String(said)).toBe('sre\n');
    const shipped = readdirSync(join(app, 'cdk.out')).filter((name) => name.startsWith('asset.'));
    expect(shipped).toHaveLength(functionNames().length);
    for (const name of shipped) {
      const folder = join(app, 'cdk.out', name);
      expect(readdirSync(folder).toSorted()).toEqual(['escalator.json', 'index.mjs']);
      expect(readFileSync(join(folder, 'escalator.json'), 'utf8')).toBe(shippedText(shop));
    }
  });

  it('has the types that its users need', { timeout: 300_000 }, () => {
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--types', 'node'];
    const tsc = path('node_modules/typescript/bin/tsc');
    expect(run(process.execPath, [tsc, ...options, 'app.ts'], app)).toBe('');
    writeFileSync(join(app, 'wrong.ts'), source.replace("'escalator.yaml'", '7'));
    expect(() => run(process.execPath, [tsc, ...options, 'wrong.ts'], app)).toThrow();
  });
});
