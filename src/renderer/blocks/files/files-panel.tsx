// The files of a record, and of the leads that became it: drag them in or choose them, offline too; look, open, save, keep,
// rename, delete, add versions.
import { Alert, Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DocumentList } from '#renderer/blocks/files/document-list.tsx';
import { useAttach } from '#renderer/blocks/files/use-attach.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { fileParentFieldOf } from '#shared/entities/file/file.ts';
import classes from './files.module.css';

/** More than anybody reads; the rest is found by name. */
const MOST_SHOWN = 200;

/** Where a lead names what it became. */
const outcomeFields: Readonly<Partial<Record<EntityName, string>>> = {
  account: 'convertedAccountId',
  contact: 'convertedContactId',
  deal: 'convertedDealId',
};

/** The leads that became this record. What was attached to them stays theirs. */
function useFormerLeads({ name }: EntityDefinition, { id }: LocalRecord): readonly LocalRecord[] {
  const field = outcomeFields[name];
  const { data } = useLive(
    'list',
    field === undefined
      ? null
      : { entity: 'lead', filter: { field, op: 'eq', value: id }, sort: [], offset: 0, limit: MOST_SHOWN },
  );
  return data?.rows ?? [];
}

export function FilesPanel(props: { readonly definition: EntityDefinition; readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const field = fileParentFieldOf(props.definition.name);
  const leads = useFormerLeads(props.definition, props.record);
  const { data } = useLive(
    'list',
    field === undefined
      ? null
      : {
          entity: 'file',
          filter: {
            or: [
              { field, op: 'eq', value: props.record.id },
              ...(leads.length === 0 ? [] : [{ field: 'leadId', op: 'in', value: leads.map(({ id }) => id) } as const]),
            ],
          },
          sort: [{ field: 'createdAt', direction: 'desc' }],
          offset: 0,
          limit: MOST_SHOWN,
        },
  );
  const can = useCan();
  const canAttach = can('update', props.definition, props.record);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { attachAll, attaching, error, setError } = useAttach();
  if (field === undefined || data === undefined || (data.total === 0 && !canAttach)) return null;

  const dropping = canAttach
    ? {
        onDragOver: (event: DragEvent) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: () => setOver(false),
        onDrop: (event: DragEvent) => {
          event.preventDefault();
          setOver(false);
          void attachAll([...event.dataTransfer.files], { [field]: props.record.id });
        },
      }
    : {};
  return (
    // Dropping is a shortcut; the button does the same by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.drop} data-over={isOver} data-testid="files" {...dropping}>
      <Panel
        title={t('files.title', { count: data.total })}
        isFlush
        actions={
          canAttach ? (
            <>
              <Button
                variant="subtle"
                size="compact-xs"
                leftSection={<IconPaperclip size={14} />}
                onClick={() => input.current?.click()}
              >
                {t('files.attach')}
              </Button>
              <input
                ref={input}
                type="file"
                multiple
                hidden
                aria-label={t('files.attach')}
                data-testid="file-input"
                onChange={(event) => {
                  void attachAll([...(event.currentTarget.files ?? [])], { [field]: props.record.id });
                  event.currentTarget.value = '';
                }}
              />
            </>
          ) : null
        }
      >
        {error === null ? null : (
          <Alert
            color="red"
            role="alert"
            m={12}
            withCloseButton
            closeButtonLabel={t('common.close')}
            onClose={() => setError(null)}
          >
            {error}
          </Alert>
        )}
        <div role="status">
          {attaching === null ? null : (
            <div className={classes.busy}>
              {t('files.attaching', { name: attaching.name, percent: attaching.percent })}
            </div>
          )}
        </div>
        {data.total === 0 ? (
          <p className={classes.empty}>{t('files.empty')}</p>
        ) : (
          <DocumentList
            rows={data.rows}
            labels={data.labels}
            canChange={(file) => {
              const lead = leads.find(({ id }) => id === file['leadId']);
              return lead === undefined ? canAttach : can('update', entities.lead, lead);
            }}
            showsRecord={(file) => leads.some(({ id }) => id === file['leadId'])}
            onError={setError}
            onVersion={(files, values) => void attachAll(files, values)}
          />
        )}
      </Panel>
    </div>
  );
}
