import { errorCodes } from '../lib/errors.js';
import { enumOf } from './enums.js';

export const ErrorCodeEnum = enumOf('ErrorCode', errorCodes, 'What `extensions.code` of an error can be.');
