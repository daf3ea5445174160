import type { Instant } from '../trail/entry.ts';
import { present } from '../event/fields.ts';
import { inOrder, type Place, type Reread } from './reread.ts';

/** What GetDeployment says of a deployment of CodeDeploy. */
export type DeploymentRead = {
  id: string;
  application: string;
  group: string;
  /** `Created`, `Queued`, `InProgress`, `Baking`, `Succeeded`, `Failed`, `Stopped` or `Ready` */
  status: string;
  createdAt: Instant;
  startedAt: Instant | null;
  completedAt: Instant | null;
  error: { code: string | null; message: string | null } | null;
};

const ends: { [status: string]: string } = { Succeeded: 'SUCCESS', Failed: 'FAILURE', Stopped: 'STOP' };

/** Whether nothing comes after this status. */
export const isDeployed = ({ status }: DeploymentRead): boolean => status in ends;

/** The events that CodeDeploy sends of a deployment: when it began, and how it ended. Oldest first. */
export const deploymentEvents = (deployment: DeploymentRead, place: Place): Reread[] => {
  const { status, createdAt, startedAt, completedAt } = deployment;
  const end = ends[status];
  const begun = startedAt ?? (['Created', 'Queued'].includes(status) ? null : createdAt);
  return inOrder([
    ...(begun === null ? [] : [written(deployment, 'START', begun, place)]),
    ...(end === undefined ? [] : [written(deployment, end, completedAt, place)]),
  ]);
};

const written = (
  { id, application, group, error }: DeploymentRead,
  state: string,
  at: Instant | null,
  place: Place,
): Reread => ({
  at,
  by: 'codedeploy:GetDeployment',
  event: {
    version: '0',
    'detail-type': 'CodeDeploy Deployment State-change Notification',
    source: 'aws.codedeploy',
    ...place,
    ...present({ time: at }),
    resources: [],
    detail: {
      application,
      deploymentGroup: group,
      deploymentId: id,
      region: place.region,
      state,
      ...(state === 'FAILURE' && error !== null
        ? { errorInformation: present({ ErrorCode: error.code, ErrorMessage: error.message }) }
        : {}),
    },
  },
});
