// What a screen says when a command is refused, in German: whatever `can()`, validation and import refuse with, no
// English sentence comes through.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import i18next, { type i18n } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNames } from '#shared/words/names.ts';
import { errorTextOf, refusalTextOf } from '#renderer/blocks/error-text.ts';
import { can } from '#shared/access/can.ts';
import { recordActions } from '#shared/access/roles.ts';
import { invalid } from '#shared/entities/define-command.ts';
import { entityNames, type AnyRecord } from '#shared/entities/define-entity.ts';
import { problemCodes } from '#shared/entities/problem-codes.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { Result } from '#shared/kernel/result.ts';
import { createActor, createRecord, everyRole } from '../../support/sample-entities.ts';

let german: i18n;

beforeAll(async () => {
  const file = path.resolve(import.meta.dirname, '../../../resources/translations/de.json');
  german = i18next.createInstance();
  await german.init({
    lng: 'de',
    resources: { de: { translation: JSON.parse(readFileSync(file, 'utf8')) as object } },
    interpolation: { escapeValue: false },
  });
});

function say(error: Pick<ErrorData, 'code' | 'message' | 'details'>): string {
  return errorTextOf(german.t, createNames(german.t, entities), error);
}

function refusalOf(result: Result<unknown>): OutpostError | null {
  return result.ok ? null : result.error;
}

/** Questions of every role about every entity, with records near and far, and changes of owner, team, role and own user. */
function* refusals(): Generator<OutpostError> {
  for (const role of everyRole) {
    const actor = createActor(role, { teamIds: ['north'] });
    for (const name of entityNames) {
      for (const ownerId of ['me', 'anna']) {
        for (const extra of [{}, { id: 'me' }, { role: 'super_admin' }, { title: { $masked: '•' } }]) {
          const record = createRecord({ kind: name, ownerId, teamId: 'north', ...extra });
          const changes: readonly Partial<AnyRecord>[] = [
            {},
            { ownerId: 'otto' },
            { teamId: 'south' },
            { ownerId: 'otto', teamId: 'south' },
            { role: 'viewer' },
            { isActive: false },
          ];
          for (const action of recordActions) {
            for (const change of changes) {
              const before = action === 'create' ? null : record;
              const question = { actor, action, definition: entities[name], before, after: { ...record, ...change } };
              const error = refusalOf(can(question)) ?? refusalOf(can({ ...question, groups: ['signIn', 'name'] }));
              if (error !== null) yield error;
            }
          }
        }
      }
    }
  }
}

describe('in German', () => {
  test('UI-I18N PER-03 every refusal of a right says why without an English word', () => {
    const seen = new Map<string, string>();
    for (const error of refusals()) {
      const text = say(error);
      expect(text, error.message).not.toMatch(
        /\{\{|refusals\.|\b(You|Your|Only|Nobody|cannot|does not|administrator can)\b/,
      );
      expect(text).not.toBe(error.message);
      const { reason } = error.details;
      seen.set(typeof reason === 'string' ? reason : error.code, text);
    }
    expect([...seen.keys()].toSorted()).toEqual(
      expect.arrayContaining(['createForOthers', 'field', 'giveAway', 'ownOnly', 'ownRights', 'role', 'superAdmin']),
    );
  });

  test('PER-03 the sentence names role, record, deed and who could do it', () => {
    const record = createRecord({ kind: 'product', ownerId: null, teamId: null });
    const actor = createActor('sales_rep');
    const question = { actor, definition: entities.product, before: record, after: record };
    const error = refusalOf(can({ ...question, action: 'update' }));
    expect(error === null ? '' : say(error)).toBe(
      'Ihre Rolle (Vertrieb) erlaubt nicht, Produkte zu ändern. Ein Administrator Ihrer Organisation kann es.',
    );
  });

  test('UI-I18N every problem of a value is told after the name of its field', () => {
    for (const code of problemCodes) {
      const message = 'An English sentence.';
      const error = refusalOf(invalid('deal', [{ field: 'closeDate', code, message }]));
      if (error === null) throw new Error('was allowed');
      const text = say(error);
      expect(text).toMatch(/^Abschluss: \S/);
      expect(text).not.toContain(message);
    }
  });

  test('UI-I18N a bulk edit that is refused says how many records refuse it', () => {
    const details = { entity: 'deal', reason: 'giveAway', refused: 3, of: 10 };
    expect(say({ code: 'action_forbidden', message: 'English.', details })).toBe(
      '3 von 10 Datensätzen lassen sich so nicht ändern, deshalb wurde nichts geändert. Sie können diesen Datensatz nicht jemand anderem geben. Ein Teammanager oder ein Administrator kann es.',
    );
  });

  test('UI-I18N SYNC-47 a refusal of the server is told by the reason that came with its verdict', () => {
    const why = { reason: 'role', entity: 'account', action: 'delete', role: 'sales_rep', who: 'manager' };
    expect(refusalTextOf(german.t, createNames(german.t, entities), { message: 'English.', details: why })).toBe(
      'Ihre Rolle (Vertrieb) erlaubt nicht, Firmen zu löschen. Ihr Teammanager oder ein Administrator kann es.',
    );
    expect(refusalTextOf(german.t, createNames(german.t, entities), { message: 'English.', details: {} })).toBeNull();
  });

  test('IDT-10 whoever tried too often is told how long to wait', () => {
    const sayWait = (details: ErrorData['details']) => say({ code: 'too_many_attempts', message: 'English.', details });
    expect(sayWait({ retryAfterSeconds: 801 })).toContain('Warten Sie 14 Minuten');
    expect(sayWait({ retryAfterSeconds: 20 })).toContain('Warten Sie eine Minute');
    expect(sayWait({})).toContain('Warten Sie eine Viertelstunde');
  });

  test('IDT-10 whoever is not signed in is not told to go on working', () => {
    const error = { code: 'server_unreachable', message: 'English.', details: {} } as const;
    expect(say(error)).toContain('Sie können weiterarbeiten');
    const outside = errorTextOf(german.t, createNames(german.t, entities), error, false);
    expect(outside).toBe(
      'Unter dieser Adresse antwortet niemand. Prüfen Sie Adresse und Verbindung und versuchen Sie es noch einmal.',
    );
  });

  test('UI-I18N an error without a reason is told by its code', () => {
    expect(say(new OutpostError('disk_full', 'No space.'))).toMatch(/^Die Festplatte ist voll/);
    expect(say(new OutpostError('not_visible', 'English.'))).toBe('Dieser Datensatz ist für Sie nicht verfügbar.');
  });
});
