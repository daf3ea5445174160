import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { EscalatorError } from '../../../shared/errors.ts';
import { failureClass, inWords, isOfMessage, TryAgain } from '../../../shared/watch/failure.ts';

const said = (name: string, httpStatusCode: number, $fault: 'client' | 'server') =>
  new DynamoDBServiceException({ name, $fault, $metadata: { httpStatusCode }, message: 'm' });
const unanswered = (code: string) => Object.assign(new Error('socket hang up'), { code });

describe('the class of a failure', () => {
  it.each([
    ['a throttled call', said('ProvisionedThroughputExceededException', 400, 'client')],
    ['a call too many', said('ThrottlingException', 400, 'client')],
    ['a service with a fault of its own', said('InternalServerError', 500, 'server')],
    ['a service that is away', said('ServiceUnavailable', 503, 'server')],
    ['a connection that ended', unanswered('ECONNRESET')],
    ['an address that nobody is at', unanswered('ECONNREFUSED')],
    ['an answer that did not come', Object.assign(new Error('late'), { name: 'TimeoutError' })],
    ['what a table left undone', new TryAgain('3 items could not be written')],
  ])('is retry for %s', (_, error) => expect(failureClass(error)).toBe('retry'));

  it.each([
    ['a call that is not allowed', said('AccessDeniedException', 400, 'client')],
    ['a thing that is not there', said('ResourceNotFoundException', 400, 'client')],
    ['a condition that does not hold', new ConditionalCheckFailedException({ message: 'm', $metadata: {} })],
    ['a key that is disabled', said('KMSAccessDeniedException', 400, 'client')],
    ['a text that is no JSON', new SyntaxError('Unexpected token s in secret')],
    ['a refusal of ours', new EscalatorError('ESC-044', 'it is none of ours')],
  ])('is terminal for %s', (_, error) => expect(failureClass(error)).toBe('terminal'));

  it.each([
    ['a fault of ours', new TypeError('x is undefined')],
    ['what is no error at all', 'text'],
    ['nothing', undefined],
  ])('is unknown for %s', (_, error) => expect(failureClass(error)).toBe('unknown'));

  it.each([
    ['what is not one of ours', new EscalatorError('ESC-044', 'it is none of ours'), true],
    ['what a table says is wrong in itself', said('ValidationException', 400, 'client'), true],
    ['a call that is not allowed', said('AccessDeniedException', 400, 'client'), false],
    ['a thing that is not there', said('ResourceNotFoundException', 400, 'client'), false],
    ['another refusal of ours', new EscalatorError('ESC-006', 'it cannot be read'), false],
    ['a fault of ours', new TypeError('x is undefined'), false],
  ])('of %s is that of the message itself, or not', (_, error, is) => expect(isOfMessage(error)).toBe(is));

  it('is told in words that quote no body', () => {
    expect(inWords(new SyntaxError('Unexpected token s in secret'))).toBe('SyntaxError');
    expect(inWords(new EscalatorError('ESC-044', 'it is none of ours'))).toBe('ESC-044 it is none of ours');
  });
});
