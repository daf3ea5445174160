import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../shared/ladder/intents.ts';
import { readSwitch, settingSwitch, stoppedBy } from '../../../shared/ladder/kill-switch.ts';

const ladders = ['production/shop', 'production/shop-admin', 'staging/shop'];
const actions: Intent['action'][] = ['redeploy', 'replace-instances', 'start-pipeline'];

/** The acts that a text stops, as `ladder action`. */
const stopped = (text: string | null): string[] =>
  ladders.flatMap((ladder) =>
    actions
      .filter((action) => stoppedBy(readSwitch(text, { ladders }), ladder, action) !== null)
      .map((action) => `${ladder} ${action}`),
  );
const all = stopped(null);
const why = (text: string | null) => stoppedBy(readSwitch(text, { ladders }), 'production/shop', 'redeploy');

describe('the kill switch', () => {
  it('that cannot be read stops every act of every ladder', () => {
    expect(all).toHaveLength(ladders.length * actions.length);
    expect(why(null)).toBe('the kill switch cannot be read');
  });

  it.each(['allow', ' allow\n', 'allow\t'])('lets everything act that says %j', (text) => {
    expect(stopped(text)).toEqual([]);
  });

  it.each([
    'stop',
    'off',
    'on',
    'ALLOW',
    'Allow',
    'allowed',
    'allow.',
    'deny',
    '',
    ' ',
    'true',
    '\u0000',
    'allow\u200B',
  ])('stops everything that says %j', (text) => {
    expect(stopped(text)).toEqual(all);
  });

  it.each(actions)('stops %s everywhere, and nothing else', (action) => {
    expect(stopped(`allow except ${action}`)).toEqual(ladders.map((ladder) => `${ladder} ${action}`));
    expect(stoppedBy(readSwitch(`allow except ${action}`, { ladders }), 'staging/shop', action)).toBe(
      `the kill switch is thrown for ${action}`,
    );
  });

  it.each(ladders)('stops every act of %s, and of no other ladder', (ladder) => {
    expect(stopped(`allow except ${ladder}`)).toEqual(actions.map((action) => `${ladder} ${action}`));
  });

  it('stops every ladder of an environment by its name', () => {
    expect(stopped('allow except production')).toEqual(all.filter((act) => act.startsWith('production/')));
  });

  it('stops several, however they are set apart', () => {
    const several = stopped('allow except staging/shop redeploy');
    expect(several).toEqual(all.filter((act) => act.startsWith('staging/') || act.endsWith(' redeploy')));
    for (const text of ['allow except staging/shop, redeploy', 'allow except\n  staging/shop\n  redeploy\n'])
      expect(stopped(text)).toEqual(several);
  });

  it.each([
    ['allow except production/shpo', 'there is no ladder, environment or action "production/shpo"'],
    ['allow except redeploy toString', 'there is no ladder, environment or action "toString"'],
    ['allow except production/', 'there is no ladder, environment or action "production/"'],
    ['allow except', 'which is not understood and stops everything'],
    ['allow production/shop', 'which is not understood and stops everything'],
    ['allow except all', 'there is no ladder, environment or action "all"'],
  ])('that is not understood stops everything, and says why: %j', (text, reason) => {
    expect(stopped(text)).toEqual(all);
    expect(why(text)).toContain(reason);
  });

  it('repeats a text of up to sixty characters in full, and of a longer one the first sixty', () => {
    const text = `allow ${'x'.repeat(54)}`;
    expect(why(text)).toContain(`says "${text}", which`);
    expect(why(`${text}y`)).toContain(`says "${text}...", which`);
  });

  it('is set by a command that works where nothing of ours answers', () => {
    const place = { parameter: '/escalator/kill-switch', region: 'eu-west-1' };
    const command = '--region eu-west-1 ssm put-parameter --name /escalator/kill-switch --overwrite --value';
    expect(settingSwitch({ ...place, endpoint: null })).toBe(`aws ${command}`);
    expect(settingSwitch({ ...place, endpoint: 'http://127.0.0.1:4566' })).toBe(
      `aws --endpoint-url http://127.0.0.1:4566 ${command}`,
    );
  });

  it('repeats only the beginning of a text that is not understood', () => {
    expect((why(`allow ${'x'.repeat(4_000)}`) ?? '').length).toBeLessThan(200);
  });
});
