/** What vite makes of files that are not code. */
declare module '*.css';

declare module '*?url' {
  const url: string;
  export default url;
}
