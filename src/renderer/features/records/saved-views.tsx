import { Button, Group, Menu, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconBookmarkPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { ListView } from '#renderer/app/store/view-slice.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Filter, search, sorting and columns under a name; they follow the user to every computer. */
export function SavedViews(props: {
  readonly definition: EntityDefinition;
  readonly view: ListView;
  readonly onChange: (view: Partial<ListView>) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const [name, setName] = useState('');
  const [isNaming, setNaming] = useState(false);
  const { data } = useLive('list', {
    entity: 'savedView',
    filter: { field: 'entity', op: 'eq', value: props.definition.name },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 100,
  });
  const views = data?.rows ?? [];
  const current = views.find((row) => row.id === props.view.savedViewId);

  function apply(row: LocalRecord): void {
    props.onChange({
      filter: (row['filter'] as ListView['filter'] | undefined) ?? null,
      search: typeof row['search'] === 'string' ? row['search'] : '',
      sort: (row['sort'] as ListView['sort'] | undefined) ?? [],
      columns: (row['columns'] as ListView['columns'] | undefined) ?? null,
      savedViewId: row.id,
    });
  }

  async function save(): Promise<void> {
    const { filter, search, sort, columns } = props.view;
    const outcome = await run(
      'saveView',
      {
        values: {
          name: name.trim(),
          entity: props.definition.name,
          filter,
          search: search === '' ? null : search,
          sort,
          columns,
        },
      },
      { done: t('views.saved') },
    );
    if (outcome === null) return;
    setNaming(false);
    setName('');
    props.onChange({ savedViewId: outcome.recordId });
  }

  return (
    <Group gap={6}>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={14} />}>
            {current === undefined ? t('views.title') : textOf(current['name'])}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 ? <Menu.Label>{t('views.none')}</Menu.Label> : null}
          {views.map((row) => (
            <Menu.Item key={row.id} onClick={() => apply(row)}>
              {textOf(row['name'])}
            </Menu.Item>
          ))}
          {current === undefined ? null : (
            <>
              <Menu.Divider />
              <Menu.Item
                leftSection={<IconTrash size={14} />}
                onClick={() => {
                  props.onChange({ savedViewId: null });
                  void run('deleteView', { id: current.id }, { done: t('views.deleted') });
                }}
              >
                {t('views.delete', { name: textOf(current['name']) })}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Popover opened={isNaming} onChange={setNaming} position="bottom-end" shadow="md" trapFocus>
        <Popover.Target>
          <Button variant="default" leftSection={<IconBookmarkPlus size={14} />} onClick={() => setNaming(!isNaming)}>
            {t('views.save')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void save();
            }}
          >
            <Group gap={6} align="end">
              <TextInput
                size="xs"
                label={t('views.name')}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                required
                maxLength={120}
              />
              <Button type="submit">{t('common.save')}</Button>
            </Group>
          </form>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
