/** What the menu of samples offers, and what stands in the editor at first. */
export const samples = [
  {
    title: 'Everything, by health',
    query: `# The newest of everything that this plane knows.
query Everything {
  plane { version cursor }
  resources(first: 100) {
    totalCount
    countsByHealth { health count }
    nodes {
      kind
      name
      environment { name }
      status { health reason message since }
    }
  }
}
`,
  },
  {
    title: 'Live: app instances with what they own',
    query: `# Answers again whenever something in it changes.
subscription LiveInstances {
  appInstances(first: 20) {
    nodes {
      name
      environment { name }
      status { health message }
      children {
        nodes {
          name
          status { health }
          objects { nodes { kind name health reason } }
        }
      }
    }
  }
}
`,
  },
  {
    title: 'Live: newest events',
    query: `subscription LiveEvents {
  events(first: 20) {
    nodes { type reason message count lastAt resource { kind name } }
  }
}
`,
  },
  {
    title: 'Changes, from now on',
    query: `# The log of changes. Give a cursor as $after to go on from there.
subscription Changes($after: String) {
  changes(after: $after) {
    type
    cursor
    revisions { op kind name actor at }
  }
}
`,
    variables: { after: null },
  },
  {
    title: 'Kinds and their columns',
    query: `query Kinds {
  kinds { name plural docs scope isMadeByUser columns { header path } }
}
`,
  },
  {
    title: 'Create an environment',
    query: `mutation Apply($input: ApplyInput!) {
  apply(input: $input) {
    cursor
    edits { kind name result }
  }
}
`,
    variables: { input: { edits: [{ op: 'APPLY', kind: 'Environment', name: 'dev', spec: {} }] } },
  },
];
