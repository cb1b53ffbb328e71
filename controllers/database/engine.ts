/** What is used of a database server where nobody says anything. */
export const engineDefaults = {
  postgres: { version: '17', port: 5432 },
  mysql: { version: '8.4', port: 3306 },
  mariadb: { version: '11.4', port: 3306 },
} as const;
