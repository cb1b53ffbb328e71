/** Says by the index what the join says: without it, a list of unknown length is joined with all resources. */
export const isOneOf = `r.id = any(array(select one.id from jsonb_to_recordset($1::jsonb) as one (id uuid)))`;
