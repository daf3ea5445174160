import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitOf } from '../../../infra/bundle/alike.ts';
import { path } from '../template.ts';

const source = (service: string, signedAs: string, more = '') => `import { Base } from "@aws-sdk/core/client";
import { default${service}Provider, resolve as __resolve, } from "./auth/provider";
import packageInfo from "../package.json";
export { Base };
const option = () => ({
            name: "${signedAs}",
});
export class ${service}Client extends Base {
    static is = [default${service}Provider, __resolve, packageInfo, option];${more}
}
`;

describe('files of clients that are alike', () => {
  const [one, two] = [splitOf(source('CodeCommit', 'codecommit')), splitOf(source('ECS', 'ecs'))];

  it('but for the names of their services become one function', () => {
    expect(one.factory).toBe(two.factory);
    expect(one.factory).toContain('(signedAs, defaultServiceProvider, __resolve, packageInfo) =>');
    expect(one.factory).toContain('return { ServiceClient };');
    expect(splitOf(source('ECS', 'ecs', ' other = 1;')).factory).not.toBe(two.factory);
  });

  it('keep what is their own: their files, the name that they sign with, and what they are called', () => {
    expect(two.contents).toContain('import { defaultECSProvider, resolve as __resolve, } from "./auth/provider";');
    expect(two.contents).toContain('made("ecs", defaultECSProvider, __resolve, packageInfo)');
    expect(two.contents).toContain('export const ECSClient = all.ServiceClient;');
  });

  it('are of the SDK as it is: most clients of ours share theirs', () => {
    const names = readdirSync(path('node_modules/@aws-sdk')).filter((name) => name.startsWith('client-'));
    const files = names.map((name) => `node_modules/@aws-sdk/${name}/dist-es/auth/httpAuthSchemeProvider.js`);
    const factories = files.map((file) => splitOf(readFileSync(path(file), 'utf8')).factory);
    expect(names.length - new Set(factories).size).toBeGreaterThanOrEqual(names.length / 2);
  });
});
