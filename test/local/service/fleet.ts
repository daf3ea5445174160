import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from '../endpoint/harness.ts';
import { startMachine } from './harness.ts';

/** A group of so many real nodes behind the endpoint, whose new nodes come up only when they are let. */
export const startFleet = async (DesiredCapacity = 1) => {
  const place = temporary();
  const alarmsFile = join(place.dataDir, 'alarms.json');
  writeFileSync(alarmsFile, JSON.stringify({ alarms: [], probes: [], groups: [{ Service: 'shop', DesiredCapacity }] }));
  const up = join(place.dataDir, 'up');
  const server = `
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
const begin = () => existsSync(${JSON.stringify(up)})
  ? createServer((_request, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1')
  : setTimeout(begin, 20);
begin();
`;
  const machine = await startMachine({ alarmsFile });
  const letUp = (): void => writeFileSync(up, '');
  letUp();
  await machine.services.providers.EscalatorDeploy(machine.job({ 'server.js': server }));
  const endpoint = await place.start({ autoscaling: machine.services.operations.autoscaling });
  return {
    config: endpoint.config,
    /** from now on new nodes wait before they come up */
    keepDown: (): void => rmSync(up),
    letUp,
    stop: async (): Promise<void> => {
      await endpoint.close();
      place.remove();
      await machine.stop();
    },
  };
};
