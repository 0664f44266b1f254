// An error in the user's words: the text of its code, reason or problem, with the facts it carries. English sentences of
// commands are for programs and logs; a screen never shows them where there is a text.
import type { TFunction } from 'i18next';
import type { Names } from '#shared/words/names.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { ErrorData, ErrorDetails } from '#shared/kernel/errors.ts';

type Facts = Pick<ErrorData, 'code' | 'message' | 'details'>;

export function errorTextOf(t: TFunction, names: Names, error: Facts): string {
  const text = problemTextOf(t, names, error) ?? refusalTextOf(t, names, error) ?? codeTextOf(t, error);
  const { refused, of } = error.details ?? {};
  if (typeof refused !== 'number' || typeof of !== 'number' || of < 2) return text;
  return t('refusals.bulk', { count: refused, of, why: text });
}

function codeTextOf(t: TFunction, { code, message, details }: Facts): string {
  return t(`errors.${code}`, { ...details, defaultValue: message });
}

/** The first thing that does not fit, after the name of its field; commands list them as `field:code`. */
function problemTextOf(t: TFunction, names: Names, { code, message, details }: Facts): string | null {
  const problems = code === 'invalid' ? details?.['problems'] : undefined;
  const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
  const [field, problem] = typeof first === 'string' ? first.split(':') : [];
  if (field === undefined || problem === undefined) return null;
  const text = t(`problems.${problem}`, { ...details, defaultValue: message });
  const definition = entityOf(textOf(details, 'entity'));
  return definition?.fields[field] === undefined ? text : `${names.field(definition, field)}: ${text}`;
}

/** Why `can()` refused, and who could do it; null where only the code is known. */
export function refusalTextOf(
  t: TFunction,
  names: Names,
  { message, details }: Pick<Facts, 'message' | 'details'>,
): string | null {
  const reason = textOf(details, 'reason');
  const definition = entityOf(textOf(details, 'entity'));
  if (reason === '' || definition === undefined) return null;
  const [action, field, who] = ['action', 'field', 'who'].map((name) => textOf(details, name));
  return t(`refusals.${reason}`, {
    entities: names.entities(definition),
    field: field === 'signIn' ? t('settings.users.signIn') : names.field(definition, field ?? ''),
    role: textOf(details, 'roleName') || t(`roles.${textOf(details, 'role')}`, { defaultValue: '' }),
    toDo: t(`refusals.toDo.${action}`, { defaultValue: '' }),
    verb: t(`refusals.verb.${action}`, { defaultValue: '' }),
    who: t(`refusals.who.${who}`, { defaultValue: '' }),
    limit: details?.['limit'],
    defaultValue: message,
  });
}

function textOf(details: ErrorDetails | undefined, name: string): string {
  const value = details?.[name];
  return typeof value === 'string' ? value : '';
}
