// The tasks of a template while they are edited. What the form does not show (an estimate, a category) stays as it was.
import type { TemplateItem } from '#shared/entities/task-template/template-items.ts';

export interface EditedItem {
  readonly key: string;
  readonly subject: string;
  readonly dueInDays: number | null;
  readonly after: readonly string[];
  /** One step a line. */
  readonly steps: string;
  readonly kept: TemplateItem | null;
}

export function newItem(after: readonly string[] = []): EditedItem {
  return { key: crypto.randomUUID().slice(0, 8), subject: '', dueInDays: null, after, steps: '', kept: null };
}

export function editItem(item: TemplateItem): EditedItem {
  return {
    key: item.key,
    subject: item.subject,
    dueInDays: item.dueInDays ?? null,
    after: item.after ?? [],
    steps: (item.checklist ?? []).join('\n'),
    kept: item,
  };
}

/** As they are saved; rows without anything in them are none. */
export function toItems(edited: readonly EditedItem[]): readonly TemplateItem[] {
  const filled = edited.filter(({ subject, steps }) => subject.trim() !== '' || steps.trim() !== '');
  const keys = new Set(filled.map(({ key }) => key));
  return filled.map(({ key, subject, dueInDays, after, steps, kept }): TemplateItem => {
    const { dueInDays: _days, after: _after, checklist: _steps, ...others } = kept ?? { key, subject };
    const checklist = steps
      .split('\n')
      .map((step) => step.trim())
      .filter((step) => step !== '');
    const first = after.filter((other) => keys.has(other));
    return {
      ...others,
      key,
      subject: subject.trim(),
      ...(dueInDays === null ? {} : { dueInDays }),
      ...(first.length === 0 ? {} : { after: first }),
      ...(checklist.length === 0 ? {} : { checklist }),
    };
  });
}
