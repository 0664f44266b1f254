// What somebody did to many records in one go is told once: a list of deals handed over, an import, a bulk edit.
import type { Notification } from '#shared/notifications/notification.ts';

/** So many of one kind by one person within a minute are told one by one. */
const MOST_APART = 5;
const MINUTE = 'yyyy-mm-ddThh:mm'.length;

/** By what happened, who did it and when, so every device makes the same bundles. Null: nobody did it. */
function strokeOf({ type, actorId, at }: Notification): string | null {
  return actorId === null ? null : `${type} by ${actorId} ${at.slice(0, MINUTE)}`;
}

/** A bundle leads to the list of its records, stands at the last of them and counts them. */
function bundleOf(key: string, parts: readonly Notification[]): Notification | null {
  const [first] = parts;
  if (first === undefined) return null;
  const entities = new Set(parts.map(({ subject }) => subject?.entity ?? null));
  return {
    key,
    type: first.type,
    at: parts.reduce((latest, { at }) => (at > latest ? at : latest), first.at),
    subject: null,
    title: '',
    actorId: first.actorId,
    facts: { inOneGo: parts.length, entity: entities.size === 1 ? (first.subject?.entity ?? null) : null },
  };
}

/** The notifications with those of one stroke made one. */
export function bundleStrokes(notifications: Iterable<Notification>): readonly Notification[] {
  const strokes = new Map<string, Notification[]>();
  const found: Notification[] = [];
  for (const notification of notifications) {
    const stroke = strokeOf(notification);
    if (stroke === null) found.push(notification);
    else {
      const parts = strokes.get(stroke);
      if (parts === undefined) strokes.set(stroke, [notification]);
      else parts.push(notification);
    }
  }
  for (const [key, parts] of strokes) {
    const bundle = parts.length > MOST_APART ? bundleOf(key, parts) : null;
    if (bundle === null) found.push(...parts);
    else found.push(bundle);
  }
  return found;
}
