// The two mails with a layout of their own (TSK-19): files among the resources, with variables in braces. Whatever stands in a
// variable is text: what somebody called a task never becomes markup of a mail.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { renderMail } from '#shared/mail/template-content.ts';
import type { TemplateValues } from '#shared/mail/render-template.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Language } from '#server/words/open-texts.ts';

export type EmailTemplate = 'task_assigned' | 'goal_achieved';

const subjects: Readonly<Record<Language, Readonly<Record<EmailTemplate, string>>>> = {
  en: {
    task_assigned: 'New Task Assigned: {task_title}',
    goal_achieved: 'Congratulations! Goal Achieved: {goal_name}',
  },
  de: {
    task_assigned: 'Neue Aufgabe: {task_title}',
    goal_achieved: 'Herzlichen Glückwunsch! Ziel erreicht: {goal_name}',
  },
};

/** Beside the built server; beside the sources otherwise. */
const folders = [path.join(import.meta.dirname, 'emails'), path.join(import.meta.dirname, '../../../resources/emails')];

const known = new Map<string, Promise<string>>();

function readTemplate(name: EmailTemplate, language: Language): Promise<string> {
  const file = path.join(language === 'en' ? '' : language, `${name}.html`);
  const folder = folders.find((candidate) => existsSync(path.join(candidate, file)));
  if (folder === undefined) throw new OutpostError('internal', 'A template of mails is missing.', { file });
  const read = known.get(file) ?? readFile(path.join(folder, file), 'utf8');
  known.set(file, read);
  return read;
}

export async function fillTemplate(
  name: EmailTemplate,
  language: Language,
  values: TemplateValues,
): Promise<{ readonly subject: string; readonly text: string; readonly html: string }> {
  const body = await readTemplate(name, language);
  const { subject, text, html } = renderMail({ subject: subjects[language][name], body, format: 'html' }, values);
  return { subject, text, html };
}
