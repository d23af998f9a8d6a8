/** The topics that lead devices, rather than tell what they do. */
import type { Topic } from '../topic.ts';
import { dvcc } from './dvcc/dvcc.ts';

export const CONTROL_TOPICS: readonly Topic[] = [dvcc];
