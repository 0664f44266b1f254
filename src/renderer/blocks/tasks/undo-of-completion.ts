import type { Undo } from '#renderer/blocks/undo-link.tsx';

export function undoOfCompletion(id: string): Undo {
  return { command: 'reopenTask', input: { id }, entity: 'task', ids: [id], left: { status: 'done' } };
}
