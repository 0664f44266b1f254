// What an administrator sees as somebody with another role: answers made from projected records, one set for each role
// and person that a window looks as. A changed rule, role, team or person makes them anew.
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { createAnswers, type Answers, type ProfileSession, type SessionDeps } from '#renderer/data/profile-session.ts';
import { createProjectedSource } from '#renderer/data/projected-source.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import { actorOfRole, type RolePerson } from '#shared/access/actor-of-role.ts';
import { isRightsEntity, rightsEntities, type RightsRecords } from '#shared/access/rights-world.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { defaultMaskRule, previewMask } from '#shared/access/masking.ts';
import type { Masker } from '#shared/access/project.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toMaskRule } from '#shared/entities/field-rule/pii-rule.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface RoleView extends Omit<Answers, 'stop'> {
  actor(): Actor;
}

export interface RoleViews {
  open(session: ProfileSession, wanted: RolePerson): RoleView;
  closeAll(): void;
}

/** What decides over rights, as this device holds it. */
export function readRights(source: Pick<RecordSource, 'all'>): RightsRecords {
  const all = (entity: EntityName) => [...source.all(entity).values()];
  return {
    user: all('user'),
    team: all('team'),
    role: all('role'),
    fieldRule: all('fieldRule'),
    piiRule: all('piiRule'),
    territory: all('territory'),
  };
}

function findActor(source: RecordSource, viewer: Actor, wanted: RolePerson): Actor | null {
  // Only administrators have the rules, and only for them is there anything to look at.
  if (!isUnrestrictedRole(viewer.role)) return null;
  return actorOfRole(readRights(source), viewer, wanted);
}

export function answerActorOfRole(source: RecordSource, viewer: Actor, wanted: RolePerson): LiveAnswer<Actor | null> {
  return { value: findActor(source, viewer, wanted), entities: new Set(rightsEntities), ids: new Set() };
}

/** Masks as they will look; the keyed ones by a sample, because their keys are the server's. */
function createPreviewMasker(source: RecordSource): Masker {
  const rules = new Map(
    [...source.all('piiRule').values()].map((rule) => [
      `${String(rule['entity'])}.${String(rule['field'])}`,
      toMaskRule(rule),
    ]),
  );
  return (entity, field, value) => ({
    $masked: previewMask(value, rules.get(`${entity}.${field}`) ?? defaultMaskRule),
  });
}

/** `onStale`: rights changed; whoever looks as a role must ask again. */
export function createRoleViews(deps: SessionDeps, onStale: () => void): RoleViews {
  const views = new Map<string, RoleView & { readonly stop: () => void }>();
  let unsubscribe: (() => void) | null = null;

  function closeAll(): void {
    for (const view of views.values()) view.stop();
    views.clear();
    unsubscribe?.();
    unsubscribe = null;
  }

  return {
    closeAll,
    open(session, wanted) {
      const key = `${wanted.role} ${wanted.userId ?? ''}`;
      const known = views.get(key);
      if (known !== undefined) return known;
      const { source } = session.context;
      const actor = findActor(source, session.actor(), wanted);
      if (actor === null) throw new OutpostError('action_forbidden', 'Only administrators look at Outpost as a role.');
      const projected = createProjectedSource(source, actor, createPreviewMasker(source));
      const answers = createAnswers(deps, projected);
      const view = {
        ...answers,
        actor: () => actor,
        stop() {
          answers.stop();
          projected.stop();
        },
      };
      views.set(key, view);
      unsubscribe ??= source.subscribe((changes) => {
        if (!changes.some(({ entity }) => isRightsEntity(entity))) return;
        closeAll();
        onStale();
      });
      return view;
    },
  };
}
