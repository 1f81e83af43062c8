package dev.weir.gateway.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.gateway.port.Proxies.Network;
import dev.weir.testkit.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressLimitsTest {
  private final ManualClock clock = new ManualClock();

  private AddressLimits limits(int connections, int perSecond) {
    return new AddressLimits(
        PortLimits.DEFAULT.withConnectionsPerAddress(connections, perSecond), clock);
  }

  private static InetAddress at(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @Test
  void allowsASecondsWorthAtOnceAndThenTheRate() throws Exception {
    AddressLimits limits = limits(1_000, 10);
    for (int i = 0; i < 10; i++) {
      assertThat(limits.enter(at("192.0.2.1"))).isNull();
    }
    assertThat(limits.enter(at("192.0.2.1"))).isEqualTo(Refusal.TOO_OFTEN);
    assertThat(limits.enter(at("192.0.2.2"))).as("another address").isNull();

    clock.advance(Duration.ofMillis(100));

    assertThat(limits.enter(at("192.0.2.1"))).isNull();
    assertThat(limits.enter(at("192.0.2.1"))).isEqualTo(Refusal.TOO_OFTEN);
    clock.advance(Duration.ofHours(1));
    for (int i = 0; i < 10; i++) {
      assertThat(limits.enter(at("192.0.2.1"))).isNull();
    }
    assertThat(limits.enter(at("192.0.2.1"))).isEqualTo(Refusal.TOO_OFTEN);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,192.0.2.1,true",
    "192.0.2.1,192.0.2.2,false",
    "2001:db8::1,2001:db8:0:0:ffff::2,true",
    "2001:db8::1,2001:db8:0:1::1,false",
    "::c000:201,192.0.2.1,false"
  })
  void countsWhatOneCustomerHas(String one, String other, boolean isSame) throws Exception {
    AddressLimits limits = limits(1, 1_000);
    assertThat(limits.enter(at(one))).isNull();

    assertThat(limits.enter(at(other))).isEqualTo(isSame ? Refusal.TOO_MANY_OF_ADDRESS : null);
  }

  @Test
  void letsOthersComeForThoseWhoLeft() throws Exception {
    AddressLimits limits = limits(1, 1_000);
    for (int i = 0; i < 5; i++) {
      assertThat(limits.enter(at("192.0.2.1"))).isNull();
      limits.leave(at("192.0.2.1"));
    }
  }

  @Test
  void forgetsWhoHasLeftLongAgo() throws Exception {
    AddressLimits limits = limits(10, 10);
    for (int i = 0; i < 50_000; i++) {
      InetAddress address = at("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
      assertThat(limits.enter(address)).isNull();
      limits.leave(address);
      clock.advance(Duration.ofMillis(1));
    }

    assertThat(limits.size()).isLessThan(2_500);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0,8,10.255.0.1,true",
    "10.0.0.0,8,11.0.0.1,false",
    "192.0.2.128,25,192.0.2.200,true",
    "192.0.2.128,25,192.0.2.100,false",
    "192.0.2.1,32,192.0.2.1,true",
    "0.0.0.0,0,8.8.8.8,true",
    "2001:db8::,32,2001:db8:1::1,true",
    "2001:db8::,32,2001:db9::1,false",
    "0.0.0.0,0,2001:db8::1,false"
  })
  void knowsANetwork(String network, int bits, String address, boolean isInside) throws Exception {
    assertThat(new Network(at(network), bits).contains(at(address))).isEqualTo(isInside);
  }

  @Test
  void refusesAPrefixLongerThanTheAddress() {
    assertThatThrownBy(() -> new Network(at("10.0.0.0"), 33))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
