import protobuf from 'protobufjs'

/**
 * The fields of ONNX's protobuf messages that Fewline reads and writes; the others pass through as raw bytes.
 * Numbers and names are those of onnx.proto (https://onnx.ai/onnx/api/classes.html).
 */
const PROTO = `
message ModelProto {
  optional int64 ir_version = 1;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
}
message OperatorSetIdProto {
  optional string domain = 1;
  optional int64 version = 2;
}
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
  optional string domain = 7;
}
message AttributeProto {
  optional string name = 1;
  optional float f = 2;
  optional int64 i = 3;
  optional bytes s = 4;
  optional TensorProto t = 5;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  optional int32 type = 20;
}
message ValueInfoProto {
  optional string name = 1;
  optional TypeProto type = 2;
}
message TypeProto {
  optional TensorTypeProto tensor_type = 1;
}
message TensorTypeProto {
  optional int32 elem_type = 1;
  optional TensorShapeProto shape = 2;
}
message TensorShapeProto {
  repeated DimensionProto dim = 1;
}
message DimensionProto {
  optional int64 dim_value = 1;
  optional string dim_param = 2;
}
message TensorProto {
  repeated int64 dims = 1;
  optional int32 data_type = 2;
  repeated float float_data = 4 [packed = true];
  repeated int32 int32_data = 5 [packed = true];
  repeated int64 int64_data = 7 [packed = true];
  optional string name = 8;
  optional bytes raw_data = 9;
  repeated double double_data = 10 [packed = true];
  repeated uint64 uint64_data = 11 [packed = true];
  repeated StringStringEntryProto external_data = 13;
  optional int32 data_location = 14;
}
message StringStringEntryProto {
  optional string key = 1;
  optional string value = 2;
}
`

/** A 64-bit integer as protobufjs gives it; it takes plain numbers too. */
export type Int64 = number | { low: number; high: number; unsigned: boolean }

/**
 * A message as protobufjs decodes it: a field that wasn't there reads as empty or zero, and null where it is a message.
 * `$unknowns` are the raw fields that the schema doesn't list, kept while decoding and written again while encoding.
 */
interface Message {
  $unknowns?: Uint8Array[]
}

export interface ModelProto extends Message {
  irVersion?: Int64
  graph?: GraphProto
  opsetImport?: { domain?: string; version?: Int64 }[]
}

export interface GraphProto extends Message {
  node?: NodeProto[]
  name?: string
  initializer?: TensorProto[]
  input?: ValueInfoProto[]
  output?: ValueInfoProto[]
}

export interface NodeProto extends Message {
  input?: string[]
  output?: string[]
  name?: string
  opType?: string
  attribute?: AttributeProto[]
  domain?: string
}

export interface AttributeProto extends Message {
  name?: string
  f?: number
  i?: Int64
  s?: Uint8Array
  t?: TensorProto
  floats?: number[]
  ints?: Int64[]
  strings?: Uint8Array[]
  type?: number
}

export interface ValueInfoProto extends Message {
  name?: string
  type?: { tensorType?: { elemType?: number; shape?: { dim?: DimensionProto[] } } }
}

export interface DimensionProto {
  dimValue?: Int64
  dimParam?: string
}

export interface TensorProto extends Message {
  dims?: Int64[]
  dataType?: number
  floatData?: number[]
  int32Data?: number[]
  int64Data?: Int64[]
  name?: string
  rawData?: Uint8Array
  doubleData?: number[]
  uint64Data?: Int64[]
  externalData?: { key?: string; value?: string }[]
  dataLocation?: number
}

const Model = protobuf.parse(PROTO).root.lookupType('ModelProto')

/** Throws whatever protobufjs throws when the bytes aren't protobuf. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  const reader = protobuf.Reader.create(plain(bytes))
  reader.discardUnknown = false
  return Model.decode(reader)
}

export function encodeModel(model: ModelProto): Uint8Array {
  return plain(Model.encode(model).finish())
}

/** The same memory, and no Node Buffer, whose slices are Buffers as well. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A number for a 64-bit field. Saturates, as the "until the end" of an exporter's slices needs. */
export function int64(number: number): Int64 {
  return number >= 2 ** 63 ? { low: -1, high: 0x7fffffff, unsigned: false } : Math.max(-(2 ** 63), number)
}
