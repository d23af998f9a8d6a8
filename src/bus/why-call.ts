/** `Why(s path) → s json` of a service of ours: why a value is what it is. */
import type { CallFailure, CallReply, IncomingCall } from './bus.ts';
import { ERROR, failure } from './bus-item.ts';
import { type Explanation, GXD_INTERFACE } from './explain.ts';

/**
 * @param explain undefined for a path that it knows nothing about
 * @returns undefined for any other call
 */
export function answerWhy(
  call: IncomingCall,
  service: string,
  explain: (path: string) => Explanation | undefined,
): CallReply | CallFailure | undefined {
  if (call.interface !== GXD_INTERFACE || call.member !== 'Why') return undefined;
  const path = call.body[0];
  if (call.signature !== 's' || typeof path !== 'string') return failure(ERROR.invalidArgs, 'Why takes one path: s');
  const explanation = explain(path);
  if (explanation === undefined) return failure(ERROR.unknownObject, `${path} is not calculated by ${service}`);
  return { signature: 's', body: [JSON.stringify(explanation)] };
}
