/** Answers `Why(s path) → s json` for a start/stop instance. */
import type { CallFailure, CallReply, IncomingCall } from '../../bus/bus.ts';
import { ERROR, failure } from '../../bus/bus-item.ts';
import { GXD_INTERFACE } from '../../bus/explain.ts';
import type { Decision } from './decision.ts';
import { type ExplainContext, explain } from './explain.ts';

/** @returns undefined for any other call */
export function answerWhy(
  call: IncomingCall,
  decision: Decision | undefined,
  context: Omit<ExplainContext, 'path'>,
): CallReply | CallFailure | undefined {
  if (call.interface !== GXD_INTERFACE || call.member !== 'Why') return undefined;
  const path = call.body[0];
  if (call.signature !== 's' || typeof path !== 'string') return failure(ERROR.invalidArgs, 'Why takes s');
  if (!context.service.has(path)) return failure(ERROR.unknownObject, `${context.service.name} has no ${path}`);
  if (decision === undefined) return failure(ERROR.failed, 'nothing has been decided yet');
  return { signature: 's', body: [JSON.stringify(explain(decision, { ...context, path }))] };
}
