import { describe, expect, it } from 'vitest';
import { editItem, newItem, toItems } from '#renderer/blocks/task-templates/edited-items.ts';
import { findItemProblem, type TemplateItem } from '#shared/entities/task-template/template-items.ts';

describe('the tasks of a template while they are edited', () => {
  it('TSK-03 opening and saving one changes nothing, whatever the form does not show', () => {
    const items: readonly TemplateItem[] = [
      {
        key: 'a',
        subject: 'Call',
        dueInDays: 0,
        checklist: ['Number', 'Agenda'],
        estimateMinutes: 30,
        priority: 'high',
      },
      { key: 'b', subject: 'Offer', after: ['a'], reminders: ['d1'], category: 'follow_up' },
    ];
    expect(toItems(items.map((item) => editItem(item)))).toEqual(items);
  });

  it('TSK-03 what is taken out is waited for no longer, and empty rows are no tasks', () => {
    const [call, offer] = [newItem(), newItem()];
    const edited = [{ ...offer, subject: ' Offer ', after: [call.key, 'gone'], steps: ' one \n\n two' }, newItem()];
    const items = toItems(edited);
    expect(items).toEqual([{ key: offer.key, subject: 'Offer', checklist: ['one', 'two'] }]);
    expect(findItemProblem(items)).toEqual([]);
    expect(findItemProblem(toItems([newItem()]))).toHaveLength(1);
  });

  it('TSK-03 steps without a subject are told, not dropped', () => {
    expect(findItemProblem(toItems([{ ...newItem(), steps: 'one' }]))).toHaveLength(1);
  });
});
