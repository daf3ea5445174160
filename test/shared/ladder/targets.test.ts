import { describe, expect, it } from 'vitest';
import { answering, replaced } from '../../../shared/ladder/targets.ts';
import { down, fleet, nodeLevel, nodes, take } from '../../harness/fleet.ts';
import { intends, kinds, level } from '../../harness/ladder.ts';

const reboot = { document: 'reboot', role: null, parameters: {}, failing: { parameter: 'Ids', per: 'InstanceId' } };
const rebooting = level('reboot', { do: { type: 'run-automation', ...reboot }, limit: 2 });

describe('what a level is for', () => {
  it('is told by the checks of its own dimension, of its own level and those before it', () => {
    const zone = { name: 'zone', alarms: ['shop-zones'], per: 'Zone', level: 'node' };
    const config = fleet(undefined, {
      checks: { ...fleet().checks, zone, late: { ...zone, name: 'late', level: 'deploy' } },
    });
    const names = (name: string, per?: string) => answering(config, name, per).map((check) => check.name);
    expect(names('node', 'InstanceId')).toEqual(['node']);
    expect(names('node', 'Zone')).toEqual(['zone']);
    expect(names('deploy', 'Zone')).toEqual(['zone', 'late']);
    expect(names('node')).toEqual(['node', 'zone']);
  });

  it('is what failed when the attempt began, and what fails besides by now', () => {
    const { test } = down(['i-1'], fleet([nodeLevel(), rebooting, level('deploy')]));
    take(test, ['i-1'], ['i-1', 'i-2', 'i-3']);
    test.result({ outcome: 'started', instances: ['i-1'] });
    test.timer({ ...nodes(test, ['i-1']), outcome: { status: 'done', reason: '', became: ['i-4'] } });
    expect(intends(test.timer(nodes(test, ['i-2'])))).toBe('run SSM document reboot for i-2, i-4');
  });

  it('is acted on though it does not fail, once the attempt has begun: what is new has to be made ready', () => {
    const { test } = down(['i-1'], fleet([nodeLevel(), rebooting, level('deploy')]));
    take(test, ['i-1'], ['i-1', 'i-2']);
    test.result({ outcome: 'started', instances: ['i-1'] });
    test.timer({ ...nodes(test, ['i-1']), outcome: { status: 'done', reason: '', became: ['i-4'] } });
    test.timer(nodes(test, []));
    const target = { of: 'automation', underWay: null } as const;
    expect(kinds(take(test, [], ['i-2', 'i-4'], { target }))).toEqual(['step.claimed']);
  });

  it('is, where something took the place of what was given up, that and what was not given up', () => {
    const carried = { node: ['i-1', 'i-2'], disk: ['i-9'] };
    expect(replaced(carried, ['i-1'], ['i-0'])).toEqual({ node: ['i-0', 'i-2'], disk: ['i-9'] });
  });
});
