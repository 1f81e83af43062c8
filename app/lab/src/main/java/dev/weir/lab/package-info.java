/// Links and faults to order: a network path between two namespaces, or a relay without root.
@NullMarked
package dev.weir.lab;

import org.jspecify.annotations.NullMarked;
