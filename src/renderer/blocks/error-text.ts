// An error in the user's words: the text of its code, reason or problem, with the facts it carries. English sentences of
// commands are for programs and logs; a screen never shows them where there is a text.
import type { TFunction } from 'i18next';
import type { Names } from '#shared/words/names.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { ErrorData, ErrorDetails } from '#shared/kernel/errors.ts';

type Facts = Pick<ErrorData, 'code' | 'message' | 'details'>;

/** `isSignedIn`: somebody who is not has no work here to go on with, so some texts are others. */
export function errorTextOf(t: TFunction, names: Names, error: Facts, isSignedIn = true): string {
  const text = problemTextOf(t, names, error) ?? refusalTextOf(t, names, error) ?? codeTextOf(t, error, isSignedIn);
  const { refused, of } = error.details ?? {};
  if (typeof refused !== 'number' || typeof of !== 'number' || of < 2) return text;
  return t('refusals.bulk', { count: refused, of, why: text });
}

function codeTextOf(t: TFunction, { code, message, details }: Facts, isSignedIn: boolean): string {
  const usual = t(`errors.${code}`, { ...details, ...minutesToWait(details), defaultValue: message });
  return isSignedIn ? usual : t(`welcome.errors.${code}`, { ...details, defaultValue: usual });
}

/** How long somebody is kept out who tried too often. */
function minutesToWait(details: ErrorDetails | undefined): { readonly count?: number } {
  const seconds = details?.['retryAfterSeconds'];
  return typeof seconds === 'number' ? { count: Math.max(1, Math.ceil(seconds / 60)) } : {};
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
