import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { entityNames, type EntityName } from '#shared/entities/define-entity.ts';

function toEntity(name: string): EntityName {
  return entityNames.find((known) => known === name) ?? 'deal';
}

/** The dialog behind `n`, the plus button and the menu's *New …*. */
export function QuickCreate(props: {
  readonly entity: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  return <CreateRecordDialog entity={toEntity(props.entity)} isOpen={props.isOpen} onClose={props.onClose} />;
}
