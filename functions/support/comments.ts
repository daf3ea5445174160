import {
  CodeCommitClient,
  CodeCommitServiceException,
  PostCommentForComparedCommitCommand,
  PostCommentForPullRequestCommand,
} from '@aws-sdk/client-codecommit';
import type { Comment } from '../../shared/alert/change/comment.ts';
import type { ClientConfig } from './aws-clients.ts';

/** What came of a comment: its id, or why CodeCommit does not want it, whoever asks again. */
export type Posted = { comment: string } | { refused: string };

export type Comments = {
  /**
   * Makes a comment where developers look: on its pull request, else on the commit.
   *
   * @param token with the same one the same comment is made once, however often it is asked for
   * @throws where CodeCommit did not answer, or has too much to do
   */
  post(comment: Comment, token: string): Promise<Posted>;
};

export const createComments = (config: ClientConfig): Comments => {
  const client = new CodeCommitClient(config);
  return {
    post: async (comment, token) => {
      try {
        return { comment: (await send(client, comment, token)) ?? '' };
      } catch (error) {
        if (isFinal(error)) return { refused: `${error.name}: ${error.message}` };
        throw error;
      }
    },
  };
};

const send = async (client: CodeCommitClient, on: Comment, clientRequestToken: string): Promise<string | undefined> => {
  const said = { repositoryName: on.repository, content: on.text, clientRequestToken };
  if (on.pull === null) {
    const between = { beforeCommitId: on.parent ?? undefined, afterCommitId: on.commit };
    const command = new PostCommentForComparedCommitCommand({ ...said, ...between });
    return (await client.send(command)).comment?.commentId;
  }
  const { id: pullRequestId, before: beforeCommitId, after: afterCommitId } = on.pull;
  const command = new PostCommentForPullRequestCommand({ ...said, pullRequestId, beforeCommitId, afterCommitId });
  return (await client.send(command)).comment?.commentId;
};

/** What is wrong with the call itself is wrong the next time too; being throttled is not. */
const isFinal = (error: unknown): error is CodeCommitServiceException =>
  error instanceof CodeCommitServiceException &&
  error.$fault === 'client' &&
  error.$retryable?.throttling !== true &&
  error.name !== 'ThrottlingException' &&
  error.$metadata.httpStatusCode !== 429;
