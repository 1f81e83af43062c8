// A client in another language: @grpc/grpc-js as it is published, with the schema as it is published.
//
//   queue_client.js PROTOS HOST:PORT health
//   queue_client.js PROTOS HOST:PORT create QUEUE
//   queue_client.js PROTOS HOST:PORT fill QUEUE COUNT   publishes COUNT messages, prints "stored OFFSET" each
//   queue_client.js PROTOS HOST:PORT take QUEUE COUNT   acks COUNT messages, prints "acked BODY" each, then
//                                                       dies in the middle of what else it holds
'use strict';

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const WAIT_MILLIS = 60_000;

// What the health check says on the wire, written down here.
const HEALTH = {
  path: '/grpc.health.v1.Health/Check',
  requestStream: false,
  responseStream: false,
  requestSerialize: (service) =>
    Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]),
  responseDeserialize: (bytes) => (bytes.length > 1 ? bytes[1] : 0),
};

const deadline = () => ({ deadline: Date.now() + WAIT_MILLIS });

function fail(why) {
  console.error(why);
  process.exit(1);
}

function broker(protos, address) {
  const definition = loader.loadSync('weir/v1/broker.proto', {
    includeDirs: [protos],
    keepCase: true,
    longs: String,
    oneofs: true,
  });
  const { Broker } = grpc.loadPackageDefinition(definition).weir.v1;
  return new Broker(address, grpc.credentials.createInsecure());
}

function health(address) {
  const Client = grpc.makeGenericClientConstructor({ check: HEALTH }, 'Health');
  const client = new Client(address, grpc.credentials.createInsecure());
  client.check('weir.v1.Broker', new grpc.Metadata(), deadline(), (cause, status) => {
    console.log('health', cause ? fail(cause) : status);
    client.close();
  });
}

function create(client, name) {
  const queue = { name, retry_base_millis: 0, retry_cap_millis: 0 };
  client.createQueue({ queue }, new grpc.Metadata(), deadline(), (cause, created) => {
    if (cause) {
      fail(cause);
    }
    console.log('created', created.status.queue.name, created.status.queue.lease_millis);
    const wrong = { queue: { ...queue, name: 'No Queue' } };
    client.createQueue(wrong, new grpc.Metadata(), deadline(), (refusal) => {
      console.log('refused', grpc.status[refusal.code], refusal.metadata.get('weir-code')[0]);
      client.close();
    });
  });
}

function fill(client, name, count) {
  const call = client.publish(new grpc.Metadata(), deadline());
  let answered = 0;
  call.on('error', fail);
  call.on('data', (answer) => {
    if (answer.failure) {
      fail('refused: ' + answer.failure.detail);
    }
    console.log('stored', answer.receipt.offset);
    if (++answered === count) {
      call.end();
      client.close();
    }
  });
  for (let number = 0; number < count; number++) {
    const body = Buffer.from('js ' + number);
    const message = { topic: '$queue/' + name, body, headers: { number: String(number) } };
    call.write({ number, message });
  }
}

function take(client, name, count) {
  const call = client.consume(new grpc.Metadata(), deadline());
  const bodies = new Map();
  let acked = 0;
  call.on('error', fail);
  call.on('data', (answer) => {
    if (answer.delivery) {
      const { lease, queued } = answer.delivery;
      bodies.set(lease, queued.message.body.toString());
      if (bodies.size <= count) {
        call.write({ settle: { lease, ack: {} } });
      }
    } else if (answer.settled) {
      if (answer.settled.failure) {
        fail('not settled: ' + answer.settled.failure.detail);
      }
      console.log('acked', bodies.get(answer.settled.lease));
      if (++acked === count) {
        process.exit(0);
      }
    } else if (answer.failed) {
      fail('failed: ' + answer.failed.detail);
    }
  });
  call.write({ open: { queue: name, prefetch: 20 } });
}

const [protos, address, what, queue, count] = process.argv.slice(2);
switch (what) {
  case 'health':
    health(address);
    break;
  case 'create':
    create(broker(protos, address), queue);
    break;
  case 'fill':
    fill(broker(protos, address), queue, Number(count));
    break;
  case 'take':
    take(broker(protos, address), queue, Number(count));
    break;
  default:
    fail('what is ' + what + '?');
}
