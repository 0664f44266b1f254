import { useLocation } from 'react-router';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { linkedValues } from '#renderer/blocks/linked-values.ts';
import { entityOfList } from '#renderer/blocks/record-paths.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { entityNames, type EntityName } from '#shared/entities/define-entity.ts';

function toEntity(name: string): EntityName {
  return entityNames.find((known) => known === name) ?? 'deal';
}

/** What is logged or planned from a record's page is about that record. */
const about: readonly EntityName[] = ['activity', 'task'];

/** The dialog behind `n`, `l`, the plus button and the menu's *New …*. */
export function QuickCreate(props: {
  readonly entity: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const entity = toEntity(props.entity);
  const { pathname } = useLocation();
  const [, list = '', id] = pathname.split('/');
  const shown = props.isOpen && about.includes(entity) && id !== undefined ? entityOfList(list) : null;
  const { data, isCurrent } = useLive('record', shown === null || id === undefined ? null : { entity: shown, id });
  // What the form starts with is decided when it opens.
  const isReady = shown === null || isCurrent;
  const record = shown === null ? null : (data?.record ?? null);
  return (
    <CreateRecordDialog
      entity={entity}
      isOpen={props.isOpen && isReady}
      onClose={props.onClose}
      isStaying={record !== null}
      {...(record === null
        ? {}
        : {
            initial: linkedValues(record),
            initialLabels: { ...data?.labels, [record.id]: recordTitle(record) },
          })}
    />
  );
}
