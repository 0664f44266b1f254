// Files that are versions of one document. Each version is a file of its own, with its own content; all but the first name
// the first (`documentId`). The order is that in which they were attached, so two people who attach one apart from each other
// make two versions, and nobody's is lost.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { extensionOf } from '#shared/files/file-name.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export interface DocumentVersions<Row extends AnyRecord = AnyRecord> {
  /** Of the first version. */
  readonly id: string;
  readonly newest: Row;
  /** Newest first; `number` counts from 1. */
  readonly versions: readonly { readonly number: number; readonly file: Row }[];
}

function documentIdOf(file: AnyRecord): string {
  return textOf(file['documentId']) || file.id;
}

function byAge(left: AnyRecord, right: AnyRecord): number {
  if (left.createdAt !== right.createdAt) return left.createdAt < right.createdAt ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

/** Files as documents, the one with the newest version first. */
export function toDocuments<Row extends AnyRecord>(files: readonly Row[]): readonly DocumentVersions<Row>[] {
  return [...Map.groupBy(files, documentIdOf)]
    .map(([id, rows]) => {
      // The first version leads, also on a computer that does not know yet when the server got it.
      const inOrder = rows.toSorted((a, b) => (a.id === id ? -1 : b.id === id ? 1 : byAge(a, b)));
      const versions = inOrder.map((file, index) => ({ number: index + 1, file })).toReversed();
      return { id, newest: inOrder.at(-1) as Row, versions };
    })
    .sort((a, b) => byAge(b.newest, a.newest));
}

/** What a document is called: its title, with the end of the name that says what it is. */
export function documentName(file: AnyRecord): string {
  const [title, name] = [textOf(file['title']).trim(), textOf(file['name'])];
  if (title === '') return name;
  const extension = extensionOf(name);
  return extension === '' || extensionOf(title) === extension ? title : `${title}.${extension}`;
}
