import { expect, it } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { actionsOf, ofType, shop, statements, templateOf } from './template.ts';

const far = { sns: 'escalator-far', region: 'eu-west-1' };
const config: Config = { ...shop, topics: { sre: { sns: 'escalator-sre', second: 'far' }, far } };

it('a topic in another Region is made by nobody here; send-alert is told its address, and may publish to it', () => {
  const resources = templateOf(config);
  const names = ofType('AWS::SNS::Topic', resources).map(([, { Properties }]) => Properties['TopicName']);
  expect(names).toContain('escalator-sre');
  expect(names).not.toContain('escalator-far');
  const [sender] = ofType('AWS::Lambda::Function', resources).filter(([id]) => id.includes('SendAlert'));
  const told = sender?.[1].Properties['Environment'] as { Variables: { [name: string]: unknown } } | undefined;
  const address = told?.Variables['ESCALATOR_TOPIC_far'];
  expect(JSON.stringify(address)).toMatch(/:sns:eu-west-1:.*:escalator-far/);
  const published = statements(resources).filter(
    ([id, one]) => id.includes('SendAlert') && actionsOf(one).includes('sns:Publish'),
  );
  expect(published.flatMap(([, { Resource }]) => [Resource].flat())).toContainEqual(address);
});
